"""A post that nothing could hand over in time is not sent by itself: from `late_at` on only a person lets it go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The column is filled while its type is set: an UPDATE would be refused for posts that have ended.
COLUMN = """
ALTER TABLE publishing_post ADD COLUMN late_at timestamptz;
ALTER TABLE publishing_post ALTER COLUMN late_at TYPE timestamptz
    USING greatest(coalesce(next_try_at, due_at), due_at) + interval '10 minutes';
ALTER TABLE publishing_post ALTER COLUMN late_at SET NOT NULL;
"""

LATE = """
CREATE FUNCTION publishing_post_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'sending' AND OLD.state <> 'sending' AND NEW.sending_at >= NEW.late_at THEN
        RAISE EXCEPTION 'this post is late: a person decides whether it is still sent'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'send it now or stop it, on the page Posts';
    END IF;
    IF (NEW.let_go_at, NEW.let_go_by_id) IS DISTINCT FROM (OLD.let_go_at, OLD.let_go_by_id)
            AND (NEW.let_go_by_id IS NULL OR NEW.let_go_at IS NOT DISTINCT FROM OLD.let_go_at
                 OR NEW.let_go_at < OLD.late_at OR NEW.state NOT IN ('scheduled', 'retrying')) THEN
        RAISE EXCEPTION 'a waiting post that is late is let go by a person, at a moment'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.due_at IS DISTINCT FROM OLD.due_at AND NEW.late_at = OLD.late_at THEN
        NEW.late_at := OLD.late_at + (NEW.due_at - OLD.due_at);  -- moved in time: late as long after as before
    END IF;
    -- It becomes late later only when its channel asked it to wait, when it is moved in time, or when a person lets it go.
    IF NEW.late_at > OLD.late_at AND NEW.let_go_at IS NOT DISTINCT FROM OLD.let_go_at
            AND NEW.due_at IS NOT DISTINCT FROM OLD.due_at
            AND NOT (OLD.state = 'sending' AND NEW.state = 'retrying') THEN
        RAISE EXCEPTION 'only a person lets a late post go' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_late BEFORE UPDATE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_late();
"""

UNDO = """
DROP TRIGGER publishing_post_late ON publishing_post;
DROP FUNCTION publishing_post_late();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_channels"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RunSQL(
            COLUMN,
            "ALTER TABLE publishing_post DROP COLUMN late_at;",
            state_operations=[
                migrations.AddField(
                    model_name="post",
                    name="late_at",
                    field=models.DateTimeField(help_text="from then on it leaves only when a person says so"),
                )
            ],
        ),
        migrations.AddField(model_name="post", name="late_told_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="post", name="let_go_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="post",
            name="let_go_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(late_at__gte=models.F("due_at")), name="post_late_after_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(let_go_at__isnull=True, let_go_by__isnull=True)
                | models.Q(let_go_at__isnull=False, let_go_by__isnull=False),
                name="post_let_go_says_by_whom",
            ),
        ),
        migrations.RunSQL(LATE, UNDO),
    ]
