"""The chain and its guard: entries are numbered and hashed by the database, and never change or go."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION journal_entry_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- One writer at a time until its commit, so that the order of seq is the order of the chain.
    PERFORM pg_advisory_xact_lock(7669477824773844016);  -- 'journal0' read as a number
    SELECT seq, hash INTO last FROM journal_entry ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.recorded_at := clock_timestamp();
    NEW.prev_hash := coalesce(last.hash, repeat('0', 64));
    NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n',
        'planner-journal-1',
        NEW.prev_hash,
        NEW.seq,
        (extract(epoch FROM NEW.at) * 1000000)::bigint,
        (extract(epoch FROM NEW.recorded_at) * 1000000)::bigint,
        NEW.milestone,
        coalesce(NEW.claim::text, ''),
        NEW.subject,
        NEW.actor,
        NEW.detail::text
    ), 'UTF8')), 'hex');
    RETURN NEW;
END
$$;
CREATE TRIGGER journal_entry_chain BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_chain();

CREATE FUNCTION journal_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP USING
        ERRCODE = 'integrity_constraint_violation',
        HINT = 'stamp a CORRECTED entry that says what was wrong';
END
$$;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_stays();
CREATE TRIGGER journal_entry_stays_whole BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_stays();
"""

UNCHAIN = """
DROP TRIGGER journal_entry_stays_whole ON journal_entry;
DROP TRIGGER journal_entry_stays ON journal_entry;
DROP TRIGGER journal_entry_chain ON journal_entry;
DROP FUNCTION journal_entry_stays();
DROP FUNCTION journal_entry_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
