"""Whatever somebody calls a calendar: it is read, or refused in words, and soon; nothing but that."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.journal.core.intake import Fault, Unreadable
from planner.rosters.calendars.reading import look_into
from planner.rosters.core.calendar import Reading
from planner.wallclock import zone
from tests.rosters.test_calendar_zones import LAST, event

HEAD, FOOT = "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n"
READING = Reading(zone("Asia/Baghdad"))
GOOD = (
    HEAD
    + "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:+0100\r\n"
    + "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    + "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Ours:20260301T220000\r\nDURATION:PT8H\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\n"
    + "EXDATE;TZID=Ours:20260308T220000\r\nRDATE;VALUE=PERIOD:20260401T100000Z/PT2H\r\n"
    + "ATTENDEE;CN=Tom:mailto:t@example.org\r\n"
    + "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Ours:20260315T220000\r\n"
    + "DTSTART;TZID=Ours:20260315T230000\r\nDTEND;TZID=Ours:20260316T070000\r\nSUMMARY:Tom (on call)\r\nEND:VEVENT\r\n"
    + FOOT
).encode()
PIECES = [
    b"\r\n",
    b"\n ",
    b"\x00",
    b"\xff",
    b":",
    b";",
    b"=",
    b",",
    b"-",
    b"99999999999",
    b"BEGIN:VEVENT\r\n",
    b"END:VEVENT\r\n",
]
PIECES += [
    b"FREQ=SECONDLY",
    b"INTERVAL=0",
    b"COUNT=-1",
    b"20260230",
    b"00010101",
    b"T250000",
    b"PT",
    b"Z",
    b"\xc3",
    b'"',
    b"BYDAY=54XX",
]
PIECES += [
    b"UNTIL=",
    b"BYSETPOS=999",
    b"BYMONTHDAY=31;BYMONTH=2",
    b"TZOFFSETTO:+9900",
    b"RDATE:",
    b"EXDATE:20260308",
    b"RSCALE=HEBREW",
]


def outcome(raw):
    """Read and unroll everything; the number of stretches, or the words of the refusal."""
    began = time.monotonic()
    try:
        found = look_into(raw, READING)
    except Unreadable as refused:
        return str(refused)
    count, refusals = 0, []
    for group in found.groups:
        try:
            count += len(group.unrolled(LAST))
        except Fault as fault:
            refusals.append(str(fault))
    assert all(refusals)
    assert time.monotonic() - began < 20, "a calendar must not hold a hand"
    return count


@settings(max_examples=150, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from(PIECES)), max_size=5))
def test_a_calendar_that_was_tampered_with_is_read_or_refused(cuts):
    raw = GOOD
    for place, length, piece in cuts:
        raw = raw[:place] + piece + raw[place + length :]
    outcome(raw)


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(st.sampled_from(GOOD.split(b"\r\n")), max_size=25))
def test_lines_in_any_order_are_read_or_refused(lines):
    outcome(b"\r\n".join([b"BEGIN:VCALENDAR", *lines]))


@settings(max_examples=100, deadline=None)
@given(
    freq=st.sampled_from(["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    parts=st.dictionaries(
        st.sampled_from(
            [
                "INTERVAL",
                "COUNT",
                "BYSECOND",
                "BYMINUTE",
                "BYHOUR",
                "BYMONTH",
                "BYMONTHDAY",
                "BYYEARDAY",
                "BYWEEKNO",
                "BYSETPOS",
            ]
        ),
        st.integers(-400, 400),
        max_size=4,
    ),
)
def test_any_rule_is_unrolled_or_refused_soon(freq, parts):
    rule = ";".join([f"RRULE:FREQ={freq}", *(f"{name}={value}" for name, value in parts.items())])
    start = LAST.replace(tzinfo=None, year=2020)
    outcome((HEAD + event("Asia/Baghdad", start, start.replace(minute=1), rule) + FOOT).encode())


@pytest.mark.parametrize(
    "raw",
    [
        (HEAD + "BEGIN:VEVENT\r\n" * 20_000).encode(),
        (HEAD + "BEGIN:X\r\n" * 50_000 + FOOT).encode(),
        (HEAD + event("UTC", LAST, LAST, "RDATE:" + ",".join(["20260101T000000Z"] * 3000)) * 50 + FOOT).encode(),
        (HEAD + "BEGIN:VEVENT\r\nSUMMARY:" + "a\r\n " * 1_000_000).encode(),
        (HEAD + event("UTC", LAST, LAST.replace(hour=3), f"SUMMARY:{'(a) - ' * 9000}") + FOOT).encode(),
        (HEAD + event("UTC", LAST, LAST.replace(hour=3), f"ATTENDEE:mailto:{'a@' * 30000}") + FOOT).encode(),
        (
            HEAD + event("UTC", LAST, LAST.replace(hour=3), "\r\n".join(["EXDATE:20260101T000000Z"] * 19_000)) + FOOT
        ).encode(),
        b"\n".join([b" folded"] * 500_000),
    ],
    ids=["begun", "deep", "dates", "folds", "title", "mail", "exceptions", "no line at all"],
)
def test_much_of_the_same_takes_no_long_time(raw):
    outcome(raw)
