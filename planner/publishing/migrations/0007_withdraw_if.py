"""What stops a post by itself, chosen when it is scheduled; that its claim still wants an answer is asked of the database."""

import django.contrib.postgres.fields
from django.db import migrations, models

import planner.publishing.models

WANTED = """
-- A claim, or the one it was merged into, that still wants an answer: not declined, not taken back by its source.
CREATE FUNCTION publishing_claim_is_gone(claim bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    target bigint;
    gone boolean;
BEGIN
    SELECT k.merged_into_id, k.retracted_at IS NOT NULL OR k.state = 'declined' INTO target, gone
        FROM claims_claim k WHERE k.id = claim FOR SHARE;
    IF target IS NOT NULL THEN
        SELECT k.retracted_at IS NOT NULL OR k.state = 'declined' INTO gone
            FROM claims_claim k WHERE k.id = target FOR SHARE;
    END IF;
    RETURN gone;
END
$$;

CREATE FUNCTION publishing_post_wanted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.withdraw_if IS DISTINCT FROM OLD.withdraw_if THEN
        RAISE EXCEPTION 'what stops a post by itself never changes' USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'stop it and schedule another';
    END IF;
    IF NEW.state = 'sending' AND OLD.state <> 'sending' AND 'claim' = ANY (NEW.withdraw_if)
            AND publishing_claim_is_gone(NEW.claim_id) THEN
        RAISE EXCEPTION 'the claim was taken back or declined: this post is not wanted any more'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_wanted BEFORE UPDATE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_wanted();
"""

UNDO = """
DROP TRIGGER publishing_post_wanted ON publishing_post;
DROP FUNCTION publishing_post_wanted();
DROP FUNCTION publishing_claim_is_gone(bigint);
"""


def as_it_was() -> list[str]:
    """Posts scheduled before anybody was asked wait behind a hold, as they did."""
    return ["approval", "claim"]


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_line_scope"), ("claims", "0005_retraction")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="withdraw_if",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                default=as_it_was,
                help_text="what stops it by itself",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="post",
            name="withdraw_if",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                default=planner.publishing.models.everything,
                help_text="what stops it by itself",
                size=None,
            ),
        ),
        migrations.RemoveConstraint(model_name="post", name="post_stopped_says_why"),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "stopped"),
                        ("why__in", ["expired", "withdrawn", "role_lost", "retired", "unwanted", "held", "by_hand"]),
                    ),
                    models.Q(models.Q(("state", "stopped"), _negated=True), ("why", "")),
                    _connector="OR",
                ),
                name="post_stopped_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdraw_if__contained_by", ["approval", "claim", "channel"]),
                    ("withdraw_if__contains", ["approval"]),
                ),
                name="post_stops_without_its_approval",
            ),
        ),
        migrations.RunSQL(WANTED, UNDO),
    ]
