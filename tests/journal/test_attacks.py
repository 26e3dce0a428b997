"""The journal attacked through SQL: what PostgreSQL refuses, and what the chain finds where it could not refuse."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from planner.journal import selectors
from planner.journal.core.chain import digest, verify
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.journal.services import stamp
from tests.journal.conftest import NOW, sql, unguarded

Stamped = Callable[..., list[Entry]]


def verified(*arguments: str) -> tuple[int, dict[str, object]]:
    """Exit code and document of `verify_journal --json`."""
    out, code = StringIO(), 0
    try:
        call_command("verify_journal", "--json", *arguments, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("act", "statement"),
    [
        ("UPDATE", "UPDATE journal_entry SET actor = 'nobody' WHERE seq = 1"),
        ("UPDATE", "UPDATE journal_entry SET hash = prev_hash WHERE seq = 2"),
        ("DELETE", "DELETE FROM journal_entry WHERE seq = 3"),
        ("TRUNCATE", "TRUNCATE journal_entry"),
        ("TRUNCATE", "TRUNCATE journal_entry CASCADE"),
    ],
)
def test_postgresql_refuses_to_change_or_remove_what_happened(stamped: Stamped, act: str, statement: str) -> None:
    stamped(3)
    with pytest.raises(IntegrityError, match=f"the journal is append-only: {act} refused"), transaction.atomic():
        sql(statement)
    assert verify(selectors.links()).broken_seq is None


def test_an_upsert_finds_nothing_to_overwrite(stamped: Stamped) -> None:
    stamped(3)
    sql(
        "INSERT INTO journal_entry (seq, at, milestone, subject, actor, detail) "
        "VALUES (1, now(), 'sighted', '', '', '{}') "
        "ON CONFLICT (seq) DO UPDATE SET actor = 'nobody'"
    )
    assert Entry.objects.count() == 4  # an entry always gets the next number, whatever it asks for
    assert not Entry.objects.filter(actor="nobody").exists()


def test_the_orm_is_refused_too(stamped: Stamped) -> None:
    (entry,) = stamped(1)
    for attempt in (entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(actor="x")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    entry.actor = "somebody else"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.save()


def test_forged_numbers_hashes_and_times_are_overwritten(stamped: Stamped) -> None:
    (first,) = stamped(1)
    sql(
        "INSERT INTO journal_entry (seq, at, recorded_at, milestone, subject, actor, detail, prev_hash, hash) "
        "VALUES (999, now(), '1999-01-01', 'sighted', '', '', '{}', repeat('a', 64), repeat('b', 64))"
    )
    forged = Entry.objects.get(seq=2)
    assert forged.prev_hash == first.hash
    assert forged.hash != "b" * 64
    assert forged.recorded_at > first.recorded_at
    assert verify(selectors.links()).broken_seq is None


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE journal_entry SET at = at - interval '1 hour' WHERE seq = 3", "the content of entry 3"),
        ("UPDATE journal_entry SET detail = '{}' WHERE seq = 3", "the content of entry 3"),
        ("UPDATE journal_entry SET claim = gen_random_uuid() WHERE seq = 3", "the content of entry 3"),
        ("UPDATE journal_entry SET recorded_at = now() + interval '1 us' WHERE seq = 3", "the content of entry 3"),
        ("UPDATE journal_entry SET prev_hash = repeat('0', 64) WHERE seq = 3", "entry 3 does not continue"),
        ("DELETE FROM journal_entry WHERE seq = 3", "entry 3 is missing: entry 4 stands in its place"),
        ("DELETE FROM journal_entry WHERE seq < 3", "entry 1 is missing"),
        (
            "INSERT INTO journal_entry (seq, at, milestone, subject, actor, detail, prev_hash, hash) "
            "SELECT 6, now(), 'published', '', 'x', '{}', hash, repeat('c', 64) FROM journal_entry WHERE seq = 5",
            "the content of entry 6",
        ),
    ],
)
def test_what_the_owner_does_with_the_triggers_off_is_found(stamped: Stamped, statement: str, reason: str) -> None:
    stamped(5)
    with unguarded():
        sql(statement)
    code, document = verified()
    assert code == 1
    assert str(document["reason"]).startswith(reason)
    assert document["ok"] is False


def test_a_rewritten_hash_only_moves_the_break_to_the_next_entry(stamped: Stamped) -> None:
    stamped(5)
    with unguarded():
        sql("UPDATE journal_entry SET actor = 'nobody' WHERE seq = 3")
        sql("UPDATE journal_entry SET hash = %s WHERE seq = 3", _right_hash(3))
    code, document = verified()
    assert (code, document["broken_seq"], document["count"]) == (1, 4, 3)


def _right_hash(seq: int) -> str:
    return next(digest(link) for link in selectors.links() if link.seq == seq)


def test_an_end_cut_off_is_found_with_the_head_that_was_noted_down(stamped: Stamped) -> None:
    head = stamped(5)[-1]
    with unguarded():
        sql("DELETE FROM journal_entry WHERE seq = 5")
    assert verified()[0] == 0
    code, document = verified("--anchor", f"{head.seq}:{head.hash}")
    assert (code, document["broken_seq"]) == (1, 5)
    assert document["reason"] == "the journal ends at entry 4, but entry 5 was noted down earlier"


def test_a_guard_that_was_switched_off_is_reported(stamped: Stamped) -> None:
    stamped(1)
    sql("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_stays")
    code, document = verified()
    assert (code, document["missing_guards"], document["broken_seq"]) == (1, ["journal_entry_stays"], None)
    sql("DROP TRIGGER journal_entry_stays ON journal_entry")
    assert verified()[1]["missing_guards"] == ["journal_entry_stays"]


def test_the_command_prints_count_head_and_verdict(stamped: Stamped) -> None:
    head = stamped(3)[-1].hash
    out = StringIO()
    call_command("verify_journal", stdout=out)
    assert "3 that hold" in out.getvalue()
    assert head in out.getvalue()
    assert "The chain holds." in out.getvalue()


def test_the_command_names_the_broken_entry(stamped: Stamped) -> None:
    stamped(3)
    with unguarded():
        sql("UPDATE journal_entry SET actor = 'nobody' WHERE seq = 2")
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_journal", stdout=out)
    assert left.value.code == 1
    assert "at entry 2: the content of entry 2 is not what was hashed when it was written" in out.getvalue()


@pytest.mark.parametrize("anchor", ["", "5", "5:abc", "x:" + "0" * 64, "0:" + "0" * 64])
def test_a_bad_anchor_is_refused_with_what_was_expected(db: None, anchor: str) -> None:
    with pytest.raises(CommandError, match="expected SEQ:HASH, a number and 64 hexadecimal digits") as refused:
        call_command("verify_journal", "--anchor", anchor)
    assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_chain_without_holes() -> None:
    together = threading.Barrier(8)

    def write(name: int) -> None:
        try:
            together.wait()
            for number in range(25):
                with transaction.atomic():
                    stamp(milestone=Milestone.SIGHTED, at=NOW, actor=f"hand-{name}", number=number)
                    if number % 5 == 0:  # some change their mind after they had their number
                        transaction.set_rollback(True)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    verdict = verify(selectors.links())
    assert (verdict.count, verdict.broken_seq) == (8 * 20, None)
    recorded = list(Entry.objects.order_by("seq").values_list("recorded_at", flat=True))
    assert recorded == sorted(recorded)
