"""A text goes out in parts where its writer divided it: one post a part, each behind the one before.

Nothing that held for a post is given up. A part is a post with its own attempts and its own end; it cannot leave before
the one it follows is public with a known address, so a thread never goes on past a part that nobody can vouch for.
"""

import django.db.models.deletion
from django.db import migrations, models

THREADS = """
-- As rebuttals/core/threads.py: how many parts the lines of three hyphens make of a text, blank ones not counted.
CREATE FUNCTION publishing_parts_of(words text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT count(*)::integer FROM regexp_split_to_table(words, '^[ \\t]*---[ \\t]*$', 'n') AS piece
        WHERE btrim(piece, E' \\t\\n\\r\\f\\x0B') <> ''
$$;

CREATE FUNCTION publishing_post_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted integer;
    earlier publishing_post;
BEGIN
    IF NEW.parts > 1 THEN
        SELECT publishing_parts_of(d.text) INTO counted
            FROM rebuttals_approval a JOIN rebuttals_draft d ON d.id = a.draft_id WHERE a.id = NEW.approval_id;
        IF NEW.parts IS DISTINCT FROM counted THEN
            RAISE EXCEPTION 'the approved words have % parts, not %', counted, NEW.parts
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.follows_id IS NOT NULL THEN
        SELECT * INTO earlier FROM publishing_post WHERE id = NEW.follows_id;
        IF (NEW.claim_id, NEW.approval_id, NEW.text_sha256, NEW.release_id, NEW.channel_id, NEW.parts, NEW.part)
            IS DISTINCT FROM (earlier.claim_id, earlier.approval_id, earlier.text_sha256, earlier.release_id,
            earlier.channel_id, earlier.parts, earlier.part + 1) THEN
            RAISE EXCEPTION 'a part follows the one before it, of the same words on the same channel'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_part BEFORE INSERT ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_part();

CREATE FUNCTION publishing_post_thread() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_public boolean;
BEGIN
    IF (NEW.part, NEW.parts, NEW.follows_id) IS DISTINCT FROM (OLD.part, OLD.parts, OLD.follows_id) THEN
        RAISE EXCEPTION 'which part of a thread a post is never changes'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'stop it and schedule another';
    END IF;
    IF NEW.state = 'sending' AND OLD.state <> 'sending' AND NEW.follows_id IS NOT NULL THEN
        SELECT p.state = 'published' AND p.remote_id <> '' INTO is_public
            FROM publishing_post p WHERE p.id = NEW.follows_id;
        IF is_public IS NOT TRUE THEN
            RAISE EXCEPTION 'the part of the thread before this one is not public yet'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_post_thread BEFORE UPDATE ON publishing_post
    FOR EACH ROW EXECUTE FUNCTION publishing_post_thread();
"""

UNDO = """
DROP TRIGGER publishing_post_thread ON publishing_post;
DROP TRIGGER publishing_post_part ON publishing_post;
DROP FUNCTION publishing_post_thread();
DROP FUNCTION publishing_post_part();
DROP FUNCTION publishing_parts_of(text);
"""
WHYS = ["expired", "withdrawn", "role_lost", "retired", "unwanted", "held", "cut", "by_hand"]


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_withdraw_if"), ("rebuttals", "0002_invariants")]

    operations = [
        migrations.RemoveConstraint(model_name="post", name="same_words_once_per_channel"),
        migrations.RemoveConstraint(model_name="post", name="post_stopped_says_why"),
        migrations.AddField(
            model_name="post",
            name="part",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, help_text="which part of a thread it is"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="parts",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text="1: the words go out whole"),
        ),
        migrations.AddField(
            model_name="post",
            name="follows",
            field=models.OneToOneField(
                help_text="the part before it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="publishing.post",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stopped"), ("why__in", WHYS)),
                    models.Q(models.Q(("state", "stopped"), _negated=True), ("why", "")),
                    _connector="OR",
                ),
                name="post_stopped_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["failed", "stopped"]), _negated=True),
                fields=("claim", "channel", "text_sha256", "part"),
                name="same_words_once_per_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__gte", 1), ("part__lte", models.F("parts")), ("parts__lte", 20)),
                name="post_part_of_its_thread",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("follows__isnull", True), ("part", 1)),
                    models.Q(("follows__isnull", False), ("part__gt", 1)),
                    _connector="OR",
                ),
                name="post_part_follows_the_one_before",
            ),
        ),
        migrations.RunSQL(THREADS, UNDO),
    ]
