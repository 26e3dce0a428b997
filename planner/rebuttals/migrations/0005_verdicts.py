"""A version says how it rates the claim and in which words. Like its text, that never changes once it is saved.

An approval is bound to its version, so it covers the rating: another rating is another version, which voids it.
"""

from django.db import migrations, models

KNOWN = ["fact_first", "headline", "tag", "warning", "reason", "fact_again", "link", "dead_link", "speaker"]
KNOWN += ["next_update", "title", "length", "readable", "claim_words"]

STAYS = """
CREATE FUNCTION rebuttals_verdict_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'how a draft rates the claim never changes' USING
        ERRCODE = 'integrity_constraint_violation', HINT = 'save a new version';
END
$$;
CREATE TRIGGER draft_verdict_stays BEFORE UPDATE ON rebuttals_draft FOR EACH ROW
    WHEN ((OLD.rating, OLD.claim_words) IS DISTINCT FROM (NEW.rating, NEW.claim_words))
    EXECUTE FUNCTION rebuttals_verdict_stays();
"""
UNDO = "DROP FUNCTION rebuttals_verdict_stays() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0004_waivers")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="rating",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="how we rate the claim", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="claim_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the claim in our words, for the public",
                max_length=300,
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim_words", ""), ("rating", "")),
                    models.Q(
                        ("rating__in", ["false", "misleading", "out_of_context", "unproven", "true"]),
                        models.Q(("claim_words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="draft_rates_a_claim_in_words",
            ),
        ),
        migrations.RemoveConstraint(model_name="waiver", name="waiver_advice_known"),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(advice__in=KNOWN),
                name="waiver_advice_known",
            ),
        ),
        migrations.RunSQL(STAYS, UNDO),
    ]
