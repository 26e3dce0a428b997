"""The journal's page and its file."""

import csv
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from planner.journal.core.chain import Link, verify
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.journal.selectors import EPOCH, MICROSECOND
from planner.journal.services import stamp
from tests.journal.conftest import NOW

pytestmark = pytest.mark.django_db
Stamped = Callable[..., list[Entry]]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_user("auditor"))
    return client


def shown(reader: Client, query: str = "") -> list[int]:
    """The numbers of the entries on the page, from the top."""
    answer = reader.get(f"/journal/?{query}")
    assert answer.status_code == 200
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', answer.content.decode())]


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    for path in ("/journal/", "/journal/export.csv"):
        assert client.get(path).headers["Location"].startswith("/sign-in/")


def test_an_empty_journal_says_so(reader: Client) -> None:
    assert "Nothing has happened yet." in reader.get("/journal/").content.decode()


def test_the_latest_entry_stands_first_with_words_person_and_theatre_time(reader: Client, stamped: Stamped) -> None:
    stamped(2, actor="leila", milestone=Milestone.APPROVED)
    page = reader.get("/journal/").content.decode()
    assert shown(reader) == [2, 1]
    assert "leila" in page
    assert "approved" in page
    assert re.search(r"10 Jun 2014 01:30 <span class=\"zone\">Baghdad", page)


def test_entries_are_filtered_by_claim_milestone_and_person(reader: Client) -> None:
    claim = uuid.uuid4()
    stamp(milestone=Milestone.PAGED, at=NOW, claim=claim, actor="clock")
    stamp(milestone=Milestone.ACKNOWLEDGED, at=NOW, claim=claim, actor="omar", subject="task:1")
    stamp(milestone=Milestone.PAGED, at=NOW, actor="clock")
    assert shown(reader, f"claim={claim}") == [2, 1]
    assert shown(reader, "milestone=paged") == [3, 1]
    assert shown(reader, "actor=omar") == [2]
    assert shown(reader, "subject=task:1") == [2]
    assert shown(reader, f"claim={claim}&milestone=paged&actor=clock") == [1]
    assert "No entry matches." in reader.get("/journal/?subject=none").content.decode()


def test_older_pages_go_on_where_the_page_ended_and_keep_the_filter(reader: Client, stamped: Stamped) -> None:
    stamped(120, actor="clock")
    stamped(1, actor="omar")
    page = reader.get("/journal/?actor=clock").content.decode()
    assert shown(reader, "actor=clock") == list(range(120, 70, -1))
    assert "?actor=clock&amp;before=71" in page
    assert shown(reader, "actor=clock&before=71") == list(range(70, 20, -1))
    last = reader.get("/journal/?actor=clock&before=21").content.decode()
    assert "Older" not in last
    assert "Latest" in last


@pytest.mark.parametrize("query", ["claim=7", "milestone=tampered", "before=x"])
def test_a_filter_that_cannot_be_read_is_explained_and_not_ignored(
    reader: Client, stamped: Stamped, query: str
) -> None:
    stamped(1)
    answer = reader.get(f"/journal/?{query}")
    assert answer.status_code == 400
    assert 'id="entry-' not in answer.content.decode()
    assert reader.get(f"/journal/export.csv?{query}").status_code == 400


def test_a_claims_identifier_that_is_none_names_what_was_expected(reader: Client) -> None:
    assert "This is not a claim&#x27;s identifier" in reader.get("/journal/?claim=7").content.decode()


def test_what_people_wrote_is_shown_as_text(reader: Client, stamped: Stamped) -> None:
    stamped(1, subject="<script>alert(1)</script>", text="<img src=x>")
    page = reader.get("/journal/").content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_page_cannot_be_written_to(reader: Client) -> None:
    assert reader.post("/journal/").status_code == 405


def test_the_file_holds_what_is_needed_to_check_the_chain_elsewhere(reader: Client) -> None:
    stamp(milestone=Milestone.SIGHTED, at=NOW, claim=uuid.uuid4(), text='a,b\n"c" ليل', number=1.50, big=10**20)
    stamp(milestone=Milestone.CLAIMED, at=NOW + timedelta(microseconds=1), actor="omar")
    answer = reader.get("/journal/export.csv")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="journal-')
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert verify(map(_link, rows)).count == 2
    assert verify(map(_link, rows)).broken_seq is None


def _link(row: dict[str, str]) -> Link:
    moments = ((datetime.fromisoformat(row[name]) - EPOCH) // MICROSECOND for name in ("at", "recorded_at"))
    claim = uuid.UUID(row["claim"]) if row["claim"] else None
    words = (row[name] for name in ("milestone", "subject", "actor", "detail", "prev_hash", "hash"))
    milestone, *others = words
    return Link(int(row["seq"]), *moments, milestone, claim, *others)


def test_the_file_holds_the_filtered_entries_only(reader: Client, stamped: Stamped) -> None:
    stamped(3, actor="clock")
    stamped(1, actor="omar")
    answer = reader.get("/journal/export.csv?actor=omar")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in lines] == ["seq", "4"]
