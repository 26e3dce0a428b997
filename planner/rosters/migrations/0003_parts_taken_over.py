"""What PostgreSQL itself guarantees about swaps: a part lies within a standing shift of somebody else, and stays there.

The shift is locked by whoever adds a part, so that it cannot be cancelled or shortened in between: a rival waits, then sees.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION rosters_part_lies_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken_from_id IS NULL OR NEW.cancelled_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM rosters_shift WHERE id = NEW.taken_from_id AND cancelled_at IS NULL AND during @> NEW.during
        AND person_id <> NEW.person_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a part taken over lies within a standing shift of somebody else' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'cancel the part first, then change the shift';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER shift_part_lies_within BEFORE INSERT OR UPDATE ON rosters_shift
    FOR EACH ROW EXECUTE FUNCTION rosters_part_lies_within();

CREATE FUNCTION rosters_shift_keeps_its_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM rosters_shift part WHERE part.taken_from_id = NEW.id AND part.cancelled_at IS NULL
            AND (NEW.cancelled_at IS NOT NULL OR NOT NEW.during @> part.during OR NEW.person_id = part.person_id)
    ) THEN
        RAISE EXCEPTION 'a part of this shift was taken over by somebody' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'cancel the part first, then change the shift';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER shift_keeps_its_parts BEFORE UPDATE OF during, cancelled_at, person_id ON rosters_shift
    FOR EACH ROW EXECUTE FUNCTION rosters_shift_keeps_its_parts();

CREATE FUNCTION rosters_swap_is_what_was_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM rosters_shift part WHERE part.id = NEW.taken_id AND part.taken_from_id = NEW.shift_id
            AND part.person_id = NEW.taker_id AND part.during = NEW.during
    ) THEN
        RAISE EXCEPTION 'a swap leads to the part of the shift that its taker took over' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'accept the offer instead';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER swap_is_what_was_taken BEFORE INSERT OR UPDATE ON rosters_swap
    FOR EACH ROW EXECUTE FUNCTION rosters_swap_is_what_was_taken();
"""

BACKWARDS = """
DROP TRIGGER swap_is_what_was_taken ON rosters_swap;
DROP TRIGGER shift_keeps_its_parts ON rosters_shift;
DROP TRIGGER shift_part_lies_within ON rosters_shift;
DROP FUNCTION rosters_swap_is_what_was_taken();
DROP FUNCTION rosters_shift_keeps_its_parts();
DROP FUNCTION rosters_part_lies_within();
"""


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_layers")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
