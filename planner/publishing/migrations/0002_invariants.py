"""What never bends about a post, kept by the database: approved words, one way through its life, one try at a time."""

from django.db import migrations

WORDS = """
-- The words of a post are the approved words: one key over approval and hash.
ALTER TABLE publishing_post ADD CONSTRAINT post_exact_words
    FOREIGN KEY (approval_id, text_sha256) REFERENCES rebuttals_approval (id, text_sha256);
"""

BORN = """
CREATE FUNCTION publishing_post_born() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended timestamptz;
    retired timestamptz;
BEGIN
    IF NEW.state <> 'scheduled' THEN
        RAISE EXCEPTION 'a post begins as scheduled, not as %', NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_at IS NOT NULL OR NEW.sending_at IS NOT NULL OR NEW.queued_at IS NOT NULL THEN
        RAISE EXCEPTION 'a new post has not been sent yet' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT a.ended_at INTO ended FROM rebuttals_approval a WHERE a.id = NEW.approval_id FOR SHARE;
    IF ended IS NOT NULL THEN
        RAISE EXCEPTION 'the approval of these words has ended' USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'have the words approved again, then schedule them';
    END IF;
    SELECT c.retired_at INTO retired FROM publishing_channel c WHERE c.id = NEW.channel_id FOR SHARE;
    IF retired IS NOT NULL THEN
        RAISE EXCEPTION 'the channel is no longer on the register' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.release_id IS NULL THEN
        PERFORM 1 FROM rebuttals_approval a
            JOIN rebuttals_draft d ON d.id = a.draft_id
            JOIN rebuttals_rebuttal r ON r.id = d.rebuttal_id
            WHERE a.id = NEW.approval_id AND r.claim_id = NEW.claim_id;
    ELSE
        PERFORM 1 FROM rebuttals_release e
            JOIN rebuttals_clearedline l ON l.id = e.line_id
            WHERE e.id = NEW.release_id AND l.approval_id = NEW.approval_id AND e.claim_id = NEW.claim_id;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'these words were not approved for this claim, and no cleared line was released for it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_born BEFORE INSERT ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_born();
"""

LIVES = """
CREATE FUNCTION publishing_post_lives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves constant text[] := ARRAY[
        'scheduled>queued', 'scheduled>stopped',
        'queued>sending', 'queued>scheduled', 'queued>stopped',
        'sending>published', 'sending>retrying', 'sending>failed', 'sending>uncertain',
        'retrying>queued', 'retrying>stopped',
        'uncertain>published', 'uncertain>failed'];
    last_outcome text;
    wanted text;
BEGIN
    IF OLD.state IN ('published', 'failed', 'stopped') THEN
        RAISE EXCEPTION 'a post that has ended (%) never changes', OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.uuid, NEW.claim_id, NEW.approval_id, NEW.text_sha256, NEW.release_id, NEW.channel_id,
            NEW.scheduled_at, NEW.scheduled_by_id)
        IS DISTINCT FROM
       (OLD.id, OLD.uuid, OLD.claim_id, OLD.approval_id, OLD.text_sha256, OLD.release_id, OLD.channel_id,
            OLD.scheduled_at, OLD.scheduled_by_id) THEN
        RAISE EXCEPTION 'what a post says, for what, where and by whom never changes'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'stop it and schedule another';
    END IF;
    IF (NEW.due_at, NEW.expires_at) IS DISTINCT FROM (OLD.due_at, OLD.expires_at)
            AND (OLD.state <> 'scheduled' OR NEW.state <> 'scheduled') THEN
        RAISE EXCEPTION 'a post may be moved in time only while it is scheduled'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_at IS NOT NULL AND NEW.state <> 'published' THEN
        RAISE EXCEPTION 'only a published post has a time of publication'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        IF NEW.sending_at IS DISTINCT FROM OLD.sending_at THEN
            RAISE EXCEPTION 'the moment of sending never changes' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT (OLD.state || '>' || NEW.state) = ANY (moves) THEN
        RAISE EXCEPTION 'a post may not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'sending' THEN
        PERFORM publishing_post_may_leave(NEW, OLD.sending_at);
    ELSIF NEW.sending_at IS DISTINCT FROM OLD.sending_at THEN
        RAISE EXCEPTION 'the moment of sending never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'sending' THEN
        SELECT CASE WHEN t.ended_at IS NULL THEN 'open' ELSE t.outcome END INTO last_outcome
            FROM publishing_attempt t WHERE t.post_id = NEW.id ORDER BY t.id DESC LIMIT 1;
        wanted := CASE NEW.state WHEN 'published' THEN 'sent' WHEN 'retrying' THEN 'not_posted'
            WHEN 'failed' THEN 'refused' ELSE 'unknown' END;
        IF last_outcome IS DISTINCT FROM wanted THEN
            RAISE EXCEPTION 'a post is % only when its attempt ended as %, not %', NEW.state, wanted, last_outcome
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF OLD.state = 'uncertain' AND NEW.settled_by_id IS NULL AND NEW.state = 'failed' THEN
        RAISE EXCEPTION 'only a person may say that an uncertain post is not public'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

-- The last questions, asked with the approval and the channel locked: a withdrawal or a hold that runs at the same
-- moment either commits first and is seen here, or waits until this post is on its way.
CREATE FUNCTION publishing_post_may_leave(post publishing_post, sent_before timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    approval_ended timestamptz;
    approver bigint;
    held timestamptz;
    retired timestamptz;
BEGIN
    SELECT a.ended_at, a.approver_id INTO approval_ended, approver
        FROM rebuttals_approval a WHERE a.id = post.approval_id FOR SHARE;
    IF approval_ended IS NOT NULL THEN
        RAISE EXCEPTION 'the approval of these words has ended' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT rebuttals_stands_approver(approver) THEN
        RAISE EXCEPTION 'the person who approved these words may no longer approve'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT c.held_at, c.retired_at INTO held, retired FROM publishing_channel c WHERE c.id = post.channel_id FOR SHARE;
    IF retired IS NOT NULL THEN
        RAISE EXCEPTION 'the channel is no longer on the register' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF held IS NOT NULL THEN
        RAISE EXCEPTION 'the channel is held' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF post.sending_at IS NULL OR post.sending_at IS NOT DISTINCT FROM sent_before THEN
        RAISE EXCEPTION 'a post that is sent says when' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- The row's own moment, given by the service: so that tests may move time, and every hand agrees with the row.
    IF post.sending_at >= post.expires_at THEN
        RAISE EXCEPTION 'the last moment of this post has passed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM publishing_attempt t WHERE t.post_id = post.id AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an attempt is written down before anything leaves the house'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$$;
CREATE TRIGGER publishing_post_lives BEFORE UPDATE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_lives();
"""

TRIES = """
CREATE FUNCTION publishing_attempt_born() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    post_state text;
BEGIN
    SELECT p.state INTO post_state FROM publishing_post p WHERE p.id = NEW.post_id FOR NO KEY UPDATE;
    IF post_state IS DISTINCT FROM 'queued' OR NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an attempt begins open, on a post that was handed over (this one is %)', post_state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_attempt_born BEFORE INSERT ON publishing_attempt
    FOR EACH ROW EXECUTE FUNCTION publishing_attempt_born();

CREATE FUNCTION publishing_attempt_lives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an attempt that has ended never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.post_id, NEW.started_at) IS DISTINCT FROM (OLD.id, OLD.post_id, OLD.started_at) THEN
        RAISE EXCEPTION 'which post was tried, and when, never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_attempt_lives BEFORE UPDATE ON publishing_attempt
    FOR EACH ROW EXECUTE FUNCTION publishing_attempt_lives();
"""

STAYS = """
CREATE FUNCTION publishing_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'posts and attempts are history: % refused', TG_OP USING
        ERRCODE = 'integrity_constraint_violation', HINT = 'stop the post instead';
END
$$;
CREATE TRIGGER publishing_post_stays BEFORE DELETE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_stays();
CREATE TRIGGER publishing_post_stays_whole BEFORE TRUNCATE ON publishing_post
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_stays();
CREATE TRIGGER publishing_attempt_stays BEFORE DELETE ON publishing_attempt
    FOR EACH ROW EXECUTE FUNCTION publishing_stays();
CREATE TRIGGER publishing_attempt_stays_whole BEFORE TRUNCATE ON publishing_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_stays();
"""

UNDO = """
DROP TRIGGER publishing_attempt_stays_whole ON publishing_attempt;
DROP TRIGGER publishing_attempt_stays ON publishing_attempt;
DROP TRIGGER publishing_post_stays_whole ON publishing_post;
DROP TRIGGER publishing_post_stays ON publishing_post;
DROP TRIGGER publishing_attempt_lives ON publishing_attempt;
DROP TRIGGER publishing_attempt_born ON publishing_attempt;
DROP TRIGGER publishing_post_lives ON publishing_post;
DROP TRIGGER publishing_post_born ON publishing_post;
DROP FUNCTION publishing_stays();
DROP FUNCTION publishing_attempt_lives();
DROP FUNCTION publishing_attempt_born();
DROP FUNCTION publishing_post_lives();
DROP FUNCTION publishing_post_may_leave(publishing_post, timestamptz);
DROP FUNCTION publishing_post_born();
ALTER TABLE publishing_post DROP CONSTRAINT post_exact_words;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("rebuttals", "0002_invariants")]

    operations = [migrations.RunSQL(WORDS + BORN + LIVES + TRIES + STAYS, UNDO)]
