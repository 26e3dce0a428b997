"""Every zone, every change of clocks from 2015 to 2035: a series of a calendar means what wallclock says it means."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from icalendar import Calendar, Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from planner.rosters.adapters.ics_zones import known
from planner.rosters.calendars.reading import look_into
from planner.rosters.core.calendar import Reading
from planner.wallclock import is_ambiguous, is_nonexistent, rrule_spans, to_instant, zone
from tests.wallclock.transitions import FIRST, LAST, ZONES, changes, distinct

HEAD = "BEGIN:VCALENDAR\r\n"


def event(zone_name, start, end, *more):
    """One event on the wall of a zone."""
    stretch = [f"DTSTART;TZID={zone_name}:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID={zone_name}:{end:%Y%m%dT%H%M%S}"]
    return "\r\n".join(["BEGIN:VEVENT", "UID:u", "SUMMARY:Tom (desk)", *stretch, *more, "END:VEVENT", ""])


def spans(text, until=LAST):
    """What a calendar puts on the roster."""
    found = look_into(f"{HEAD}{text}END:VCALENDAR\r\n".encode(), Reading())
    assert not found.rejects, found.rejects
    return [one.span for group in found.groups for one in group.unrolled(until)]


def looked_at():
    """Every kind of change once, and of every zone its last spring and its last autumn."""
    last = {(change.zone, change.jump > timedelta()): change for change in changes()}
    return sorted({*distinct(), *last.values()})


def test_a_daily_series_across_a_change_of_clocks_is_what_wallclock_says():
    seen = set()
    for number, change in enumerate(looked_at()):
        seen.add(change.zone)
        # Starts on either side of the change, inside the hour that is skipped or comes twice, and hours before.
        shift = timedelta(minutes=(-240, -30, 0, 15, 90)[number % 5])
        start = (change.wall_before + shift - timedelta(days=2)).replace(second=0)
        length = (480, 30)[number % 2]
        text = event(change.zone, start, start + timedelta(minutes=length), "RRULE:FREQ=DAILY;COUNT=4")
        begin = to_instant(start, zone(change.zone))
        expected = rrule_spans(
            "FREQ=DAILY;COUNT=4", start, length, zone(change.zone), begin, begin + timedelta(days=10)
        )
        assert spans(text) == list(expected), change
    assert seen == {change.zone for change in changes()}, "every zone that changes its clocks at all"


def test_a_single_time_that_clocks_skip_or_show_twice_is_refused():
    odd = 0
    for change in looked_at():
        for start in (change.wall_before - timedelta(minutes=10), change.wall_before + timedelta(minutes=10)):
            text = event(change.zone, start.replace(second=0), start + timedelta(days=2))
            found = look_into(f"{HEAD}{text}END:VCALENDAR\r\n".encode(), Reading())
            tz = zone(change.zone)
            is_odd = any(is_nonexistent(at, tz) or is_ambiguous(at, tz) for at in (start, start + timedelta(days=2)))
            assert bool(found.rejects) == is_odd, (change, start)
            odd += is_odd
    assert odd > 500


def test_a_weekly_series_in_every_zone_keeps_to_its_wall_for_twenty_years():
    start = datetime(2015, 1, 2, 1, 30)  # noqa: DTZ001 - a wall time
    for name in ZONES:
        got = spans(event(name, start, start + timedelta(hours=9), "RRULE:FREQ=WEEKLY;INTERVAL=26;UNTIL=20351231"))
        walls = [start + timedelta(weeks=26 * number) for number in range(43)]
        tz = zone(name)
        expected = [(to_instant(wall, tz), to_instant(wall + timedelta(hours=9), tz)) for wall in walls]
        assert [(span.start, span.end) for span in got] == expected, name


def test_every_zone_that_outlook_names_is_known():
    for name in WINDOWS_TO_OLSON:
        assert known(name) in available_timezones(), name
        assert known(name.upper()) == known(f'"{name}"') == known(name)


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("/citadel.org/20210210_1/Africa/Cairo", "Africa/Cairo"),
        ("/freeassociation.sourceforge.net/America/Argentina/Salta", "America/Argentina/Salta"),
        ("America/New York", "America/New_York"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("custom/Somewhere", ""),
        ("", ""),
    ],
)
def test_names_with_a_prefix_or_in_other_letter_case_are_known(name, iana):
    assert known(name) == iana


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Asia/Baghdad", "Australia/Lord_Howe", "UTC"])
def test_a_zone_that_only_the_calendar_defines_has_the_clocks_it_defines(name):
    """icalendar writes down a zone that everybody knows; under another name it must come to the same instants."""
    made = Timezone.from_tzinfo(ZoneInfo(name), "Our Own Clocks", first_date=FIRST.date(), last_date=LAST.date())
    definition = made.to_ical().decode()
    start = datetime(2026, 3, 1, 22)  # noqa: DTZ001 - a wall time
    series = ("RRULE:FREQ=WEEKLY;COUNT=50",)
    assert Calendar.from_ical(f"{HEAD}{definition}END:VCALENDAR\r\n")

    own = spans(definition + event("Our Own Clocks", start, start + timedelta(hours=8), *series))

    assert own == spans(event(name, start, start + timedelta(hours=8), *series))
    assert len(own) == 50
