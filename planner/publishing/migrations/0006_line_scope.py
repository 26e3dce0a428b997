"""Words leave only on the kinds of channel for which they were cleared and, as a line, signed: kept by the database."""

from django.db import migrations

SCOPE = """
CREATE FUNCTION publishing_post_in_scope() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place text;
BEGIN
    SELECT kind INTO place FROM publishing_channel WHERE id = NEW.channel_id;
    IF EXISTS (
        SELECT FROM rebuttals_approval AS approval JOIN rebuttals_draft AS draft ON draft.id = approval.draft_id
        WHERE approval.id = NEW.approval_id AND draft.channel_kind NOT IN ('', place)
    ) OR EXISTS (
        SELECT FROM rebuttals_release AS release JOIN rebuttals_clearedline AS line ON line.id = release.line_id
        WHERE release.id = NEW.release_id AND line.channel_kinds <> '{}' AND NOT place = ANY (line.channel_kinds)
    ) THEN
        RAISE EXCEPTION 'these words were not cleared for a channel of kind %', place USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'have the words cleared for this kind of channel';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_in_scope BEFORE INSERT ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_in_scope();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0005_not_before"), ("rebuttals", "0008_line_scope")]

    operations = [migrations.RunSQL(SCOPE, "DROP FUNCTION publishing_post_in_scope() CASCADE;")]
