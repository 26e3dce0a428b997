"""A line's scope says more: further storylines, languages of claims, and who may release it. The database keeps it."""

import django.contrib.postgres.fields
from django.db import migrations, models

import planner.rebuttals.models

SIGNED = """
CREATE FUNCTION rebuttals_line_scope() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    spoken text;
BEGIN
    IF NEW.narrative_id = ANY (NEW.also_narratives) OR cardinality(NEW.also_narratives)
        <> (SELECT count(*) FROM narratives_narrative WHERE id = ANY (NEW.also_narratives))
    THEN
        RAISE EXCEPTION 'a line names each narrative once, and only narratives that exist' USING
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT draft.language INTO spoken FROM rebuttals_approval AS approval
        JOIN rebuttals_draft AS draft ON draft.id = approval.draft_id WHERE approval.id = NEW.approval_id;
    IF NEW.languages <> '{}' AND NOT rebuttals_answers_in(NEW.languages, spoken) THEN
        RAISE EXCEPTION 'a line in % answers claims in %, too, or in every language', spoken, spoken USING
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM unnest(NEW.release_people) AS named (id) WHERE NOT rebuttals_may_release(named.id,
        ARRAY['duty', 'officer', 'approver']::varchar[], '{}')) THEN
        RAISE EXCEPTION 'a line names only people who are active duty officers, press officers or approvers' USING
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_scope BEFORE INSERT ON rebuttals_clearedline
    FOR EACH ROW EXECUTE FUNCTION rebuttals_line_scope();

CREATE FUNCTION rebuttals_line_scope_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.also_narratives, OLD.languages, OLD.release_roles, OLD.release_people)
        IS DISTINCT FROM (NEW.also_narratives, NEW.languages, NEW.release_roles, NEW.release_people)
    THEN
        RAISE EXCEPTION 'a cleared line keeps the scope that was signed; it ends, once and for good' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'sign another line';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_scope_stays BEFORE UPDATE ON rebuttals_clearedline
    FOR EACH ROW EXECUTE FUNCTION rebuttals_line_scope_stays();
"""
ASKED = """
CREATE FUNCTION rebuttals_answers_in(languages varchar[], spoken text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    -- Dialects aside: "ar-IQ" is "ar". None given, or not known: it is.
    SELECT languages = '{}' OR spoken = '' OR EXISTS (
        SELECT FROM unnest(languages) AS one (tag)
        WHERE split_part(lower(one.tag), '-', 1) = split_part(lower(spoken), '-', 1)
    )
$$;

CREATE FUNCTION rebuttals_may_release(person bigint, of_roles varchar[], named bigint[]) RETURNS boolean LANGUAGE sql AS $$
    -- Locked until the commit, so that a role cannot be taken away in between.
    WITH found AS (
        SELECT id FROM people_user WHERE id = person AND is_active
            AND roles && ARRAY['duty', 'officer', 'approver']::varchar[] AND (roles && of_roles OR id = ANY (named))
        FOR SHARE
    ) SELECT EXISTS (SELECT FROM found)
$$;
"""
RELEASED = """
CREATE OR REPLACE FUNCTION rebuttals_release_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line rebuttals_clearedline;
    claim claims_claim;
    refusal text;
BEGIN
    -- First the approval, then the line: the order in which a withdrawal takes them.
    PERFORM FROM rebuttals_approval
        WHERE id = (SELECT approval_id FROM rebuttals_clearedline WHERE id = NEW.line_id) AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        refusal := 'the approval of this line has ended';
    END IF;
    UPDATE rebuttals_clearedline SET maximum_uses = maximum_uses WHERE id = NEW.line_id RETURNING * INTO line;
    SELECT * INTO claim FROM claims_claim WHERE id = NEW.claim_id;
    IF refusal IS NULL THEN
        refusal := CASE
            WHEN line.ended_at IS NOT NULL THEN 'this line has ended'
            WHEN NOT line.during @> NEW.released_at THEN 'this line may not be released at this moment'
            WHEN NOT coalesce(claim.narrative_id = ANY (line.narrative_id || line.also_narratives), false)
                THEN 'this line was cleared for another narrative than that of the claim'
            WHEN NOT rebuttals_answers_in(line.languages, claim.language)
                THEN 'this line was cleared for claims in another language'
            WHEN (SELECT count(*) FROM rebuttals_release WHERE line_id = NEW.line_id) >= line.maximum_uses
                THEN 'this line has been used as often as it was signed for'
            WHEN NOT rebuttals_may_release(NEW.released_by_id, ARRAY['duty', 'officer', 'approver']::varchar[], '{}')
                THEN 'a line is released by an active duty officer, press officer or approver'
            WHEN NOT rebuttals_may_release(NEW.released_by_id, line.release_roles, line.release_people)
                THEN 'this line was signed for other people to release'
        END;
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION '%', refusal USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'wake the approver on duty';
    END IF;
    RETURN NEW;
END
$$;
"""
UNSIGNED = "DROP FUNCTION rebuttals_line_scope(), rebuttals_line_scope_stays() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0007_picture_invariants"), ("narratives", "0001_initial"), ("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="clearedline",
            name="also_narratives",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, help_text="further storylines it answers", size=None
            ),
        ),
        migrations.AddField(
            model_name="clearedline",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16), default=list, help_text="of claims; empty: any", size=None
            ),
        ),
        migrations.AddField(
            model_name="clearedline",
            name="release_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16),
                default=planner.rebuttals.models.every_releasing_role,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="clearedline",
            name="release_people",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, help_text="who may release it besides", size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="clearedline",
            constraint=models.CheckConstraint(
                condition=models.Q(release_roles__contained_by=["duty", "officer", "approver"])
                & (models.Q(release_roles__len__gt=0) | models.Q(release_people__len__gt=0)),
                name="cleared_line_released_by_somebody",
            ),
        ),
        migrations.RunSQL(ASKED, migrations.RunSQL.noop),
        migrations.RunSQL(SIGNED, UNSIGNED),
        migrations.RunSQL(RELEASED, migrations.RunSQL.noop),
    ]
