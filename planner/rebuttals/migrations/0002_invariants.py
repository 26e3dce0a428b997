"""What PostgreSQL itself guarantees about words: four eyes, exact text, nothing rewritten, lines only inside their scope.

Services ask first and say no kindly; these triggers are the last word, for raw SQL and for races too. Where two acts on one
text could pass each other by, the row between them (rebuttal, cleared line) is written, not only locked: at READ COMMITTED
the second waits and then sees the first; at REPEATABLE READ it fails instead of deciding on an old snapshot.
"""

from django.db import migrations

STAYS = """
CREATE FUNCTION rebuttals_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes and never goes: % refused', TG_ARGV[0], TG_OP USING
        ERRCODE = 'integrity_constraint_violation', HINT = TG_ARGV[1];
END
$$;

CREATE FUNCTION rebuttals_stands_approver(person bigint) RETURNS boolean LANGUAGE sql AS $$
    -- Locked until the commit, so that a role cannot be taken away in between.
    WITH found AS (
        SELECT id FROM people_user WHERE id = person AND is_active AND 'approver' = ANY (roles) FOR SHARE
    ) SELECT EXISTS (SELECT FROM found)
$$;
"""

REBUTTAL = """
CREATE FUNCTION rebuttals_rebuttal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.uuid, OLD.claim_id, OLD.narrative_id, OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.uuid, NEW.claim_id, NEW.narrative_id, NEW.created_at)
    THEN
        RAISE EXCEPTION 'a rebuttal keeps the claim or the narrative for which its words were cleared' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'start another rebuttal';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rebuttal_change BEFORE UPDATE ON rebuttals_rebuttal
    FOR EACH ROW EXECUTE FUNCTION rebuttals_rebuttal_change();
CREATE TRIGGER rebuttal_stays BEFORE DELETE ON rebuttals_rebuttal
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a rebuttal', 'leave it unanswered');
CREATE TRIGGER rebuttal_stays_whole BEFORE TRUNCATE ON rebuttals_rebuttal
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a rebuttal', 'leave it unanswered');
"""

DRAFT = """
CREATE FUNCTION rebuttals_draft_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest integer;
BEGIN
    IF NEW.text_sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the SHA-256 given for a draft is not that of its text' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'hash the UTF-8 bytes of the text as it is stored';
    END IF;
    UPDATE rebuttals_rebuttal SET created_at = created_at WHERE id = NEW.rebuttal_id;
    SELECT max(version) INTO newest FROM rebuttals_draft
        WHERE rebuttal_id = NEW.rebuttal_id AND language = NEW.language AND channel_kind = NEW.channel_kind;
    IF NEW.version <> coalesce(newest, 0) + 1 THEN
        RAISE EXCEPTION 'the next version of this text is %, not %', coalesce(newest, 0) + 1, NEW.version USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'read the newest version first, then save';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER draft_new BEFORE INSERT ON rebuttals_draft
    FOR EACH ROW EXECUTE FUNCTION rebuttals_draft_new();

CREATE FUNCTION rebuttals_draft_voids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rebuttals_approval AS approval
        SET ended_at = greatest(NEW.created_at, approval.approved_at), ended_by_id = NEW.author_id,
            end_reason = 'edited: version ' || NEW.version
        FROM rebuttals_draft AS earlier
        WHERE approval.draft_id = earlier.id AND approval.ended_at IS NULL AND earlier.version < NEW.version
            AND earlier.rebuttal_id = NEW.rebuttal_id AND earlier.language = NEW.language
            AND earlier.channel_kind = NEW.channel_kind;
    RETURN NULL;
END
$$;
CREATE TRIGGER draft_voids AFTER INSERT ON rebuttals_draft
    FOR EACH ROW EXECUTE FUNCTION rebuttals_draft_voids();

CREATE FUNCTION rebuttals_draft_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.uuid, OLD.rebuttal_id, OLD.language, OLD.channel_kind, OLD.version, OLD.author_id, OLD.text,
        OLD.text_sha256, OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.uuid, NEW.rebuttal_id, NEW.language, NEW.channel_kind, NEW.version, NEW.author_id,
        NEW.text, NEW.text_sha256, NEW.created_at)
        OR OLD.submitted_at IS NOT NULL OR NEW.submitted_at IS NULL
    THEN
        RAISE EXCEPTION 'a draft never changes; only its request for review is added, once' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'save a new version';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER draft_change BEFORE UPDATE ON rebuttals_draft
    FOR EACH ROW EXECUTE FUNCTION rebuttals_draft_change();
CREATE TRIGGER draft_stays BEFORE DELETE ON rebuttals_draft
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a draft', 'save a new version');
CREATE TRIGGER draft_stays_whole BEFORE TRUNCATE ON rebuttals_draft
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a draft', 'save a new version');
"""

APPROVAL = """
ALTER TABLE rebuttals_approval ADD CONSTRAINT approval_is_of_these_words
    FOREIGN KEY (draft_id, author_id, text_sha256) REFERENCES rebuttals_draft (id, author_id, text_sha256);

CREATE FUNCTION rebuttals_approval_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words rebuttals_draft;
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an approval begins by standing' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO words FROM rebuttals_draft WHERE id = NEW.draft_id;
    UPDATE rebuttals_rebuttal SET created_at = created_at WHERE id = words.rebuttal_id;
    IF EXISTS (
        SELECT FROM rebuttals_draft AS newer
        WHERE newer.rebuttal_id = words.rebuttal_id AND newer.language = words.language
            AND newer.channel_kind = words.channel_kind AND newer.version > words.version
    ) THEN
        RAISE EXCEPTION 'version % is not the newest of this text', words.version USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'read and approve the newest version';
    END IF;
    IF NOT rebuttals_stands_approver(NEW.approver_id) THEN
        RAISE EXCEPTION 'only an active person with the role approver can approve a text' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'an administrator gives the role';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approval_new BEFORE INSERT ON rebuttals_approval
    FOR EACH ROW EXECUTE FUNCTION rebuttals_approval_new();

CREATE FUNCTION rebuttals_approval_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.uuid, OLD.draft_id, OLD.author_id, OLD.text_sha256, OLD.approver_id, OLD.approved_at)
        IS DISTINCT FROM (NEW.id, NEW.uuid, NEW.draft_id, NEW.author_id, NEW.text_sha256, NEW.approver_id,
        NEW.approved_at)
        OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
    THEN
        RAISE EXCEPTION 'an approval never changes; it ends, once and for good' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'have the text approved again';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approval_change BEFORE UPDATE ON rebuttals_approval
    FOR EACH ROW EXECUTE FUNCTION rebuttals_approval_change();

CREATE FUNCTION rebuttals_approval_ends_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rebuttals_clearedline SET ended_at = NEW.ended_at WHERE approval_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER approval_ends_line AFTER UPDATE ON rebuttals_approval
    FOR EACH ROW EXECUTE FUNCTION rebuttals_approval_ends_line();
CREATE TRIGGER approval_stays BEFORE DELETE ON rebuttals_approval
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('an approval', 'withdraw it with a reason');
CREATE TRIGGER approval_stays_whole BEFORE TRUNCATE ON rebuttals_approval
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('an approval', 'withdraw it with a reason');

CREATE TRIGGER refusal_stays BEFORE UPDATE OR DELETE ON rebuttals_refusal
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a refusal', 'approve a later version');
CREATE TRIGGER refusal_stays_whole BEFORE TRUNCATE ON rebuttals_refusal
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a refusal', 'approve a later version');
"""
WITHOUT_APPROVAL = """
ALTER TABLE rebuttals_approval DROP CONSTRAINT approval_is_of_these_words;
DROP FUNCTION rebuttals_approval_new(), rebuttals_approval_change(), rebuttals_approval_ends_line() CASCADE;
"""
WITHOUT_DRAFT = "DROP FUNCTION rebuttals_draft_new(), rebuttals_draft_voids(), rebuttals_draft_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0001_initial"), ("people", "0001_initial")]

    operations = [
        migrations.RunSQL(STAYS, "DROP FUNCTION rebuttals_stays(), rebuttals_stands_approver(bigint) CASCADE;"),
        migrations.RunSQL(REBUTTAL, "DROP FUNCTION rebuttals_rebuttal_change() CASCADE;"),
        migrations.RunSQL(DRAFT, WITHOUT_DRAFT),
        migrations.RunSQL(APPROVAL, WITHOUT_APPROVAL),
    ]
