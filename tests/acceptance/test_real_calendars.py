"""All calendars of three test suites: taken in right or refused with a clear error; never a crash, never half."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import x_wr_timezone
from django.utils import timezone

from planner.rosters.calendars.rows import CalendarOccurrence
from planner.rosters.core.recurrence import HORIZON
from planner.rosters.models import Leave, Shift
from tests.acceptance.stranger import DATA, Answer, ask_json

pytestmark = pytest.mark.django_db
FOLDER = DATA / "ics"
CALENDARS = sorted(FOLDER.rglob("*.ics")) if FOLDER.exists() else []
LONGEST_SECONDS = 20.0


def brought_in(path: Path, person: int = 0) -> Answer:
    return ask_json("import_roster", path, "--zone", "Asia/Baghdad", "--person", f"person{person}@example.org")


def name(path: Path) -> str:
    return "/".join(path.relative_to(FOLDER).parts[-3:])


@pytest.mark.skipif(not CALENDARS, reason=f"the real data is not here: {FOLDER}")
def test_every_calendar_is_taken_in_or_refused_with_a_clear_error():
    outcomes: Counter[str] = Counter()
    for number, path in enumerate(CALENDARS):
        began = time.monotonic()
        answer = brought_in(path, number)
        assert time.monotonic() - began < LONGEST_SECONDS, name(path)
        document = answer.document
        assert answer.code == (2 if "error" in document else 1 if document["rejected"] or document["findings"] else 0)
        if answer.code == 2:
            outcomes["refused whole"] += 1
            assert document["error"].endswith("."), name(path)
            continue
        rows, added, duplicates, rejected = answer.counts
        outcomes.update(files=1, events=rows, added=added, skipped=duplicates, rejected=rejected)
        for reject in document["rejects"]:
            assert "event " in reject["reason"], (name(path), reject)
            assert reject["row"] > 0
        again = brought_in(path, number)
        assert again.counts == (rows, 0, rows - rejected, rejected), name(path)
    print(dict(outcomes))  # the table of outcomes: pytest -s
    assert outcomes["added"] > 60


@pytest.mark.skipif(not CALENDARS, reason=f"the real data is not here: {FOLDER}")
@pytest.mark.parametrize("path", CALENDARS, ids=name)
def test_what_was_taken_in_is_what_two_other_programs_read(path):
    """Independent: icalendar's own reader, x-wr-timezone and recurring-ical-events on the untouched calendar."""
    answer = brought_in(path)
    if answer.code or not answer.document["added"]:
        pytest.skip("refused, wholly or in part: test_every_calendar_… looks at those")
    rows = [*Shift.objects.all(), *Leave.objects.all()]
    ours = sorted((row.during.lower, row.during.upper) for row in rows)
    try:
        theirs = sorted(set(expected(path)))
    except Exception as beyond:
        pytest.skip(f"their readers give up: {beyond}")
    assert CalendarOccurrence.objects.count() == len(ours)
    assert ours == theirs


def expected(path: Path) -> list[tuple[datetime, datetime]]:
    until = timezone.now() + HORIZON
    found = []
    for calendar in icalendar.Calendar.from_ical(path.read_bytes(), multiple=True):
        for event in recurring_ical_events.of(x_wr_timezone.to_standard(calendar)).between(
            datetime(1970, 1, 2, tzinfo=UTC), until + timedelta(days=3000)
        ):
            is_series = "RRULE" in path.read_text(errors="replace")
            if event.get("STATUS") in ("CANCELLED", "TENTATIVE") or event.get("TRANSP") == "TRANSPARENT":
                continue
            own = ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "Asia/Baghdad")))
            start, end = (instant(moment, own) for moment in (event.start, event.end))
            if not is_series or start <= until:
                found.append((start, end))
    return found


def instant(moment: date, own: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    zone = moment.tzinfo or own
    return moment.replace(tzinfo=zone).astimezone(UTC)
