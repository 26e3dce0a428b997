"""The one writer."""

import ast
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, transaction

from planner.journal import selectors
from planner.journal.core.chain import GENESIS, verify
from planner.journal.core.milestones import Milestone
from planner.journal.models import MILESTONE_WORDS, Entry
from planner.journal.services import stamp, stamp_many
from tests.journal.conftest import NOW, sql

pytestmark = pytest.mark.django_db
PLANNER = Path(__file__).parents[2] / "planner"


def test_a_stamp_says_what_happened_when_to_what_and_by_whom() -> None:
    claim = uuid.uuid4()
    made = stamp(milestone=Milestone.APPROVED, at=NOW, claim=claim, subject="draft:7", actor="leila", words=31)
    entry = Entry.objects.get()
    assert (entry.seq, entry.at, entry.milestone, entry.claim) == (made.seq, NOW, "approved", claim)
    assert (entry.subject, entry.actor, entry.detail) == ("draft:7", "leila", {"words": 31})
    assert abs(datetime.now(UTC) - entry.recorded_at) < timedelta(minutes=1)


def test_a_stamp_comes_back_with_its_place_in_the_chain() -> None:
    one, two = stamp(milestone=Milestone.SIGHTED, at=NOW), stamp(milestone=Milestone.CLAIMED, at=NOW)
    assert (one.seq, one.prev_hash) == (1, GENESIS)
    assert (two.seq, two.prev_hash) == (2, one.hash)
    assert len(two.hash) == 64


def test_detail_takes_what_our_services_have_in_hand() -> None:
    key = uuid.uuid4()
    stamp(milestone=Milestone.SCHEDULED, at=NOW, post=key, due_at=NOW, languages=["ar", "en"], note="ليل\n\"'\\ 𝄞\x1f")
    assert Entry.objects.get().detail == {
        "post": str(key),
        "due_at": "2014-06-09T22:30:15.123Z",
        "languages": ["ar", "en"],
        "note": "ليل\n\"'\\ 𝄞\x1f",
    }
    assert verify(selectors.links()).broken_seq is None


def test_many_stamps_are_chained_in_the_order_given() -> None:
    stamps = [{"milestone": Milestone.SIGHTED, "at": NOW, "subject": f"sighting:{n}", "n": n} for n in range(2500)]
    assert stamp_many(stamps) == 2500
    assert list(Entry.objects.values_list("detail__n", flat=True)) == list(range(2500))
    assert stamps[0]["n"] == 0  # the caller's dicts are left as they were
    assert verify(selectors.links()).count == 2500


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="the journal needs an instant with a time zone, got the naive 2014-06-09"):
        stamp(milestone=Milestone.SIGHTED, at=NOW.replace(tzinfo=None))


def test_an_unknown_milestone_is_refused_by_the_service_and_by_the_database() -> None:
    with pytest.raises(ValueError, match="'tampered' is not a valid Milestone"):
        stamp(milestone="tampered", at=NOW)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError, match="journal_entry_milestone_known"):
        sql(
            "INSERT INTO journal_entry (at, milestone, subject, actor, detail) VALUES (now(), 'tampered', '', '', '{}')"
        )


@pytest.mark.parametrize("field", ["subject", "actor"])
def test_a_line_feed_cannot_hide_in_a_field_that_is_hashed(field: str) -> None:
    with pytest.raises(IntegrityError, match="journal_entry_plain_words"):
        stamp(milestone=Milestone.SIGHTED, at=NOW, **{field: "post:1\nclock"})  # type: ignore[arg-type]


def test_a_stamp_that_is_rolled_back_leaves_no_hole(stamped: Callable[..., list[Entry]]) -> None:
    stamped(1)
    with transaction.atomic():
        stamped(2)
        transaction.set_rollback(True)
    with pytest.raises(DataError), transaction.atomic():
        stamp(milestone=Milestone.SIGHTED, at=NOW, text="\x00")
    assert stamped(1)[0].seq == 2
    assert verify(selectors.links()).broken_seq is None


def test_every_milestone_has_words_for_people(stamped: Callable[..., list[Entry]]) -> None:
    assert set(MILESTONE_WORDS) == set(Milestone)
    assert stamped(1, milestone=Milestone.EXHAUSTED)[0].words == "nobody answered the page"


def test_a_story_is_told_in_the_order_in_which_it_happened() -> None:
    claim = uuid.uuid4()
    stamp(milestone=Milestone.ANSWERED, at=NOW + timedelta(hours=1), claim=claim)
    stamp(milestone=Milestone.CLAIMED, at=NOW, claim=claim)
    stamp(milestone=Milestone.CLAIMED, at=NOW, claim=uuid.uuid4())
    assert [entry.milestone for entry in selectors.story(claim)] == ["claimed", "answered"]


def test_entries_are_found_by_every_filter_together() -> None:
    claim = uuid.uuid4()
    stamp(milestone=Milestone.PAGED, at=NOW, claim=claim, actor="clock", subject="task:1")
    stamp(milestone=Milestone.PAGED, at=NOW, claim=claim, actor="omar", subject="task:1")
    stamp(milestone=Milestone.CLOSED, at=NOW, actor="omar")
    found = selectors.entries
    assert [entry.seq for entry in found()] == [3, 2, 1]
    assert [entry.seq for entry in found(claim=claim, before=2)] == [1]
    assert [entry.seq for entry in found(milestone="paged", actor="omar", subject="task:1")] == [2]
    assert selectors.actors() == ["clock", "omar"]


WRITING = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"}


def _writes_entries(file: Path) -> bool:
    """Whether a module builds an Entry, calls a writing method on Entry's rows, or names its table in SQL."""
    text = file.read_text()
    calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    builds = any(ast.unparse(call).endswith(("Entry", "journal_models.Entry")) for call in calls)
    writes = any(
        isinstance(call, ast.Attribute) and call.attr in WRITING and "Entry.objects" in ast.unparse(call.value)
        for call in calls
    )
    imports = "planner.journal.models import" in text and "Entry" in text
    return (imports and (builds or writes)) or "INTO journal_entry" in text


def test_the_service_is_the_only_writer() -> None:
    code = [file for file in sorted(PLANNER.rglob("*.py")) if "migrations" not in file.parts]
    writers = [str(file.relative_to(PLANNER)) for file in code if _writes_entries(file)]
    assert writers == ["journal/services.py"]
