"""An embargo: a post never leaves before `not_before`, whoever moves it and whatever the clock says."""

from django.db import migrations, models

EMBARGO = """
CREATE FUNCTION publishing_post_embargo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.not_before IS DISTINCT FROM OLD.not_before THEN
        RAISE EXCEPTION 'the embargo of a post never changes' USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'stop it and schedule another';
    END IF;
    IF NEW.state = 'sending' AND OLD.state <> 'sending' AND NEW.sending_at < NEW.not_before THEN
        RAISE EXCEPTION 'this post is under embargo: it never leaves before that'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_embargo BEFORE UPDATE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_embargo();
"""

UNDO = """
DROP TRIGGER publishing_post_embargo ON publishing_post;
DROP FUNCTION publishing_post_embargo();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_late")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="not_before",
            field=models.DateTimeField(help_text="an embargo: it never leaves before that", null=True),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(not_before__isnull=True) | models.Q(due_at__gte=models.F("not_before")),
                name="post_due_after_embargo",
            ),
        ),
        migrations.RunSQL(EMBARGO, UNDO),
    ]
