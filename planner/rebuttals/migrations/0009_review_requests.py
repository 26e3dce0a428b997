"""Who asked for a text to be cleared, and until when: on record, taken back at most once, never removed."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION rebuttals_request_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.draft_id, OLD.asked_by_id, OLD.asked_at, OLD.due_at)
        IS DISTINCT FROM (NEW.id, NEW.draft_id, NEW.asked_by_id, NEW.asked_at, NEW.due_at)
        OR OLD.recalled_at IS NOT NULL OR NEW.recalled_at IS NULL
    THEN
        RAISE EXCEPTION 'a request for review never changes; it is taken back, once' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'ask for review anew';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER request_change BEFORE UPDATE ON rebuttals_reviewrequest
    FOR EACH ROW EXECUTE FUNCTION rebuttals_request_change();
CREATE TRIGGER request_stays BEFORE DELETE ON rebuttals_reviewrequest
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a request for review', 'take it back instead');
CREATE TRIGGER request_stays_whole BEFORE TRUNCATE ON rebuttals_reviewrequest
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a request for review', 'take it back instead');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rebuttals', '0008_line_scope'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='until when somebody must have decided')),
                ('recalled_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='rebuttals.draft')),
                ('recalled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['asked_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='review_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('recalled_at__isnull', True), ('recalled_by__isnull', True)), models.Q(('recalled_at__isnull', False), ('recalled_by__isnull', False)), _connector='OR'), name='review_recalled_by_somebody'), models.UniqueConstraint(condition=models.Q(('recalled_at__isnull', True)), fields=('draft',), name='one_standing_request_per_draft')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP FUNCTION rebuttals_request_change() CASCADE;"),
    ]
