"""What PostgreSQL itself guarantees about pictures: they are what their hash says, they stay, and an approval covers them.

The pictures of a draft stand in the draft's own row, so that they are as unchangeable as its words, and are checked with
them, at once and whole. Without pictures the hash of a draft is that of its text, as before.
"""

from importlib import import_module

from django.db import migrations

before = import_module("planner.rebuttals.migrations.0002_invariants")

PICTURE = """
ALTER TABLE rebuttals_picture
    ADD CONSTRAINT picture_is_what_its_hash_says CHECK (sha256 = encode(sha256(content), 'hex')),
    ADD CONSTRAINT picture_fits_the_house CHECK (octet_length(content) <= 4000000),
    ADD CONSTRAINT picture_is_of_its_media_type CHECK (
        (media_type = 'image/jpeg' AND substring(content FROM 1 FOR 3) = '\\xffd8ff')
        OR (media_type = 'image/png' AND substring(content FROM 1 FOR 8) = '\\x89504e470d0a1a0a'));
CREATE TRIGGER picture_stays BEFORE UPDATE OR DELETE ON rebuttals_picture
    FOR EACH ROW EXECUTE FUNCTION rebuttals_stays('a picture', 'save a version without it');
CREATE TRIGGER picture_stays_whole BEFORE TRUNCATE ON rebuttals_picture
    FOR EACH STATEMENT EXECUTE FUNCTION rebuttals_stays('a picture', 'save a version without it');
"""

DRAFT = """
CREATE FUNCTION rebuttals_are_pictures(pictures jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    -- A list of {"sha256", "alt"}, nothing else in it: what is not hashed is not kept.
    SELECT jsonb_typeof(pictures) = 'array' AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(CASE jsonb_typeof(pictures) WHEN 'array' THEN pictures ELSE '[]' END) AS one
        WHERE (jsonb_typeof(one) = 'object' AND jsonb_typeof(one -> 'sha256') = 'string'
            AND jsonb_typeof(one -> 'alt') = 'string') IS NOT TRUE
            OR (SELECT count(*) FROM jsonb_object_keys(CASE jsonb_typeof(one) WHEN 'object' THEN one ELSE '{}' END)) <> 2
    )
$$;
CREATE FUNCTION rebuttals_say_what_they_show(pictures jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    -- Something that a reader can see, not only spaces and marks of direction or joining.
    SELECT coalesce(bool_and(length(one ->> 'alt') <= 1500 AND
        one ->> 'alt' ~ '[^\\s\\u0085\\u00a0\\u00ad\\u1680\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff]'), true)
    FROM jsonb_array_elements(pictures) AS one
$$;
ALTER TABLE rebuttals_draft
    ADD CONSTRAINT draft_lists_its_pictures CHECK (rebuttals_are_pictures(pictures)),
    ADD CONSTRAINT draft_pictures_have_alt_text CHECK (
        NOT rebuttals_are_pictures(pictures) OR rebuttals_say_what_they_show(pictures)),
    ADD CONSTRAINT draft_has_few_pictures CHECK (
        NOT rebuttals_are_pictures(pictures) OR jsonb_array_length(pictures) <= 4);

CREATE FUNCTION rebuttals_exact_sha256(words text, pictures jsonb) RETURNS text LANGUAGE sql STABLE AS $$
    -- A NUL before the list: no text holds one, so no text without pictures has the hash of a text with some.
    SELECT encode(sha256(CASE WHEN pictures = '[]' THEN convert_to(words, 'UTF8') ELSE '\\x00'::bytea || convert_to(
        encode(sha256(convert_to(words, 'UTF8')), 'hex') || (
            SELECT string_agg(E'\\n' || (one ->> 'sha256') || ' ' || encode(sha256(convert_to(one ->> 'alt', 'UTF8')), 'hex'),
                '' ORDER BY place)
            FROM jsonb_array_elements(pictures) WITH ORDINALITY AS listed (one, place)
        ), 'UTF8') END), 'hex')
$$;

CREATE OR REPLACE FUNCTION rebuttals_draft_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest integer;
    strange text;
BEGIN
    IF NOT rebuttals_are_pictures(NEW.pictures) THEN
        RETURN NEW;  -- the constraint says what is wrong
    END IF;
    SELECT one ->> 'sha256' INTO strange FROM jsonb_array_elements(NEW.pictures) AS one
        WHERE NOT EXISTS (SELECT FROM rebuttals_picture WHERE sha256 = one ->> 'sha256') LIMIT 1;
    IF strange IS NOT NULL THEN
        RAISE EXCEPTION 'there is no picture with the SHA-256 %', strange USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'keep the picture first, then save the draft';
    END IF;
    IF (SELECT count(DISTINCT one ->> 'sha256') FROM jsonb_array_elements(NEW.pictures) AS one)
        <> jsonb_array_length(NEW.pictures)
    THEN
        RAISE EXCEPTION 'a draft shows the same picture twice' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'leave one of them out';
    END IF;
    IF NEW.text_sha256 <> rebuttals_exact_sha256(NEW.text, NEW.pictures) THEN
        RAISE EXCEPTION 'the SHA-256 given for a draft is not that of its text%',
            CASE WHEN NEW.pictures = '[]' THEN '' ELSE ' and its pictures' END USING
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

CREATE OR REPLACE FUNCTION rebuttals_draft_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.uuid, OLD.rebuttal_id, OLD.language, OLD.channel_kind, OLD.version, OLD.author_id, OLD.text,
        OLD.pictures, OLD.text_sha256, OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.uuid, NEW.rebuttal_id, NEW.language, NEW.channel_kind, NEW.version, NEW.author_id,
        NEW.text, NEW.pictures, NEW.text_sha256, NEW.created_at)
        OR OLD.submitted_at IS NOT NULL OR NEW.submitted_at IS NULL
    THEN
        RAISE EXCEPTION 'a draft never changes; only its request for review is added, once' USING
            ERRCODE = 'integrity_constraint_violation', HINT = 'save a new version';
    END IF;
    RETURN NEW;
END
$$;
"""

WITHOUT_PICTURE = """
DROP TRIGGER picture_stays ON rebuttals_picture;
DROP TRIGGER picture_stays_whole ON rebuttals_picture;
ALTER TABLE rebuttals_picture DROP CONSTRAINT picture_is_what_its_hash_says, DROP CONSTRAINT picture_fits_the_house,
    DROP CONSTRAINT picture_is_of_its_media_type;
"""
WITHOUT_DRAFT = f"""
{before.WITHOUT_DRAFT}
DROP TRIGGER draft_stays ON rebuttals_draft;
DROP TRIGGER draft_stays_whole ON rebuttals_draft;
ALTER TABLE rebuttals_draft DROP CONSTRAINT draft_lists_its_pictures, DROP CONSTRAINT draft_pictures_have_alt_text,
    DROP CONSTRAINT draft_has_few_pictures;
DROP FUNCTION rebuttals_are_pictures(jsonb), rebuttals_say_what_they_show(jsonb), rebuttals_exact_sha256(text, jsonb);
{before.DRAFT}
"""


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0006_pictures")]

    operations = [migrations.RunSQL(PICTURE, WITHOUT_PICTURE), migrations.RunSQL(DRAFT, WITHOUT_DRAFT)]
