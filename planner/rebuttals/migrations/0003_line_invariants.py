"""What PostgreSQL itself guarantees about cleared lines: a signed scope, and no release outside it or past its uses."""

from django.db import migrations

LINE = """
CREATE FUNCTION rebuttals_line_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words record;
BEGIN
    SELECT rebuttal.narrative_id, draft.channel_kind, approval.author_id INTO words
        FROM rebuttals_approval AS approval
        JOIN rebuttals_draft AS draft ON draft.id = approval.draft_id
        JOIN rebuttals_rebuttal AS rebuttal ON rebuttal.id = draft.rebuttal_id
        WHERE approval.id = NEW.approval_id AND approval.ended_at IS NULL FOR SHARE OF approval;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line is signed only while the approval of its words stands' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'have the text approved again';
    END IF;
    IF words.narrative_id IS DISTINCT FROM NEW.narrative_id THEN
        RAISE EXCEPTION 'these words were not cleared for this narrative' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'prepare a line for the narrative itself';
    END IF;
    IF words.channel_kind <> '' AND NEW.channel_kinds <> ARRAY[words.channel_kind] THEN
        RAISE EXCEPTION 'these words were cleared for channels of kind % only', words.channel_kind USING
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.signed_by_id = words.author_id OR NOT rebuttals_stands_approver(NEW.signed_by_id) THEN
        RAISE EXCEPTION 'a line is signed by an active approver who did not write it' USING
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_new BEFORE INSERT ON rebuttals_clearedline
    FOR EACH ROW EXECUTE FUNCTION rebuttals_line_new();

CREATE FUNCTION rebuttals_line_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.uuid, OLD.narrative_id, OLD.approval_id, OLD.channel_kinds, OLD.during, OLD.maximum_uses,
        OLD.signed_by_id, OLD.signed_at)
        IS DISTINCT FROM (NEW.id, NEW.uuid, NEW.narrative_id, NEW.approval_id, NEW.channel_kinds, NEW.during,
        NEW.maximum_uses, NEW.signed_by_id, NEW.signed_at)
        OR (OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at)
    THEN
        RAISE EXCEPTION 'a cleared line keeps the scope that was signed; it ends, once and for good' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'sign another line';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_change BEFORE UPDATE ON rebuttals_clearedline
    FOR EACH ROW EXECUTE FUNCTION rebuttals_line_change();
CREATE TRIGGER line_stays BEFORE DELETE ON rebuttals_clearedline
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a cleared line', 'end it');
CREATE TRIGGER line_stays_whole BEFORE TRUNCATE ON rebuttals_clearedline
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a cleared line', 'end it');
"""

RELEASE = """
CREATE FUNCTION rebuttals_release_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line rebuttals_clearedline;
    refusal text;
BEGIN
    -- First the approval, then the line: the order in which a withdrawal takes them.
    PERFORM FROM rebuttals_approval
        WHERE id = (SELECT approval_id FROM rebuttals_clearedline WHERE id = NEW.line_id) AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        refusal := 'the approval of this line has ended';
    END IF;
    UPDATE rebuttals_clearedline SET maximum_uses = maximum_uses WHERE id = NEW.line_id RETURNING * INTO line;
    IF refusal IS NULL THEN
        refusal := CASE
            WHEN line.ended_at IS NOT NULL THEN 'this line has ended'
            WHEN NOT line.during @> NEW.released_at THEN 'this line may not be released at this moment'
            WHEN line.narrative_id IS DISTINCT FROM (SELECT narrative_id FROM claims_claim WHERE id = NEW.claim_id)
                THEN 'this line was cleared for another narrative than that of the claim'
            WHEN (SELECT count(*) FROM rebuttals_release WHERE line_id = NEW.line_id) >= line.maximum_uses
                THEN 'this line has been used as often as it was signed for'
            WHEN NOT EXISTS (
                SELECT FROM people_user WHERE id = NEW.released_by_id AND is_active
                    AND roles && ARRAY['duty', 'officer', 'approver']::varchar[]
            ) THEN 'a line is released by an active duty officer, press officer or approver'
        END;
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION '%', refusal USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'wake the approver on duty';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER release_new BEFORE INSERT ON rebuttals_release
    FOR EACH ROW EXECUTE FUNCTION rebuttals_release_new();
CREATE TRIGGER release_stays BEFORE UPDATE OR DELETE ON rebuttals_release
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a release', 'withdraw the approval to stop its posts');
CREATE TRIGGER release_stays_whole BEFORE TRUNCATE ON rebuttals_release
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a release', 'withdraw the approval to stop its posts');
"""


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0002_invariants"), ("claims", "0001_initial")]

    operations = [
        migrations.RunSQL(LINE, "DROP FUNCTION rebuttals_line_new(), rebuttals_line_change() CASCADE;"),
        migrations.RunSQL(RELEASE, "DROP FUNCTION rebuttals_release_new() CASCADE;"),
    ]
