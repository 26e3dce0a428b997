"""Holidays and known dates: when they fall, what is learned of them, and who may keep them."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from planner.journal.models import Entry
from planner.tempo import calendars, selectors
from planner.tempo.adapters.public_holidays import public_holidays
from planner.tempo.core.dates import HOLIDAY, KnownDate, by_day, factors, holiday, learn
from planner.tempo.models import KnownDate as Row
from planner.tempo.services import DateRefused, end_known_date, save_known_date
from tests.factories import make_person
from tests.tempo.test_forecast import sighting

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
BANK_HOLIDAYS = Path(django_settings.BASE_DIR).parent / "shared/data/holidays/bank-holidays.json"
dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(first=dates, length=st.integers(0, 31), start=dates, days=st.integers(1, 800), yearly=st.booleans())
def test_a_date_falls_where_a_calendar_on_the_wall_shows_it(first, length, start, days, yearly):
    one = KnownDate("k", "n", first, first + timedelta(days=length), yearly)
    found = by_day([one], start, start + timedelta(days=days))
    for number in range(days):
        day = start + timedelta(days=number)
        starts = [first]
        if yearly:
            years = range(first.year, day.year + 1)
            starts = [date(year, first.month, min(first.day, 28) if first.month == 2 else first.day) for year in years]
            if first.month == 2 and first.day == 29:
                starts = [date(y, 2, 29) if y % 4 == 0 else date(y, 2, 28) for y in years]
        assert (day in found) == any(begin <= day <= begin + timedelta(days=length) for begin in starts)


def test_one_day_changes_little_and_many_days_say_what_they_saw():
    counts = np.full(140, 20.0)
    few, many = {MONDAY + timedelta(days=9): [holiday(MONDAY, "h")]}, {}
    counts[9] = 60
    one = learn(counts, MONDAY, few)[HOLIDAY]
    assert 1.5 < one.mean < 3.0
    for week in range(10):
        counts[9 + 7 * week] = 60
        many[MONDAY + timedelta(days=9 + 7 * week)] = [holiday(MONDAY, "h")]
    ten = learn(counts, MONDAY, many)[HOLIDAY]
    assert ten.mean == pytest.approx(3.0, rel=0.05)
    assert ten.low > one.low
    assert (ten.days, ten.seen) == (10, 600)


def test_without_a_day_seen_nothing_is_learned_and_nothing_changes():
    assert learn(np.full(14, 5.0), MONDAY, {MONDAY - timedelta(days=1): [holiday(MONDAY, "h")]}) == {}
    assert factors([MONDAY], {MONDAY: [holiday(MONDAY, "h")]}, {}).tolist() == [1.0]


@given(st.lists(st.integers(0, 50), min_size=8, max_size=40), st.integers(0, 7))
def test_a_factor_lies_between_nothing_and_what_was_seen(counts, place):
    found = learn(np.array(counts, dtype=float), MONDAY, {MONDAY + timedelta(days=place): [holiday(MONDAY, "h")]})
    for one in found.values():
        low, high = sorted((1.0, one.seen / one.usual if one.usual else 1.0))
        assert low - 1e-9 <= one.mean <= high + 1e-9 or not one.usual
        assert 0 <= one.low < one.mean < one.high


def test_bank_holidays_are_those_that_the_government_lists():
    if not BANK_HOLIDAYS.exists():
        pytest.skip(f"{BANK_HOLIDAYS} is not here: UK bank holidays to check the library with")
    listed = json.loads(BANK_HOLIDAYS.read_text())["divisions"]["england-and-wales"]
    listed = {int(year): days for year, days in listed.items() if year.isdecimal()}
    wanted = {date(*map(int, reversed(one["date"].split("/")))) for days in listed.values() for one in days}
    years = sorted(listed)
    found = {day for day, _ in public_holidays("GB-ENG", tuple(years), "en")}
    assert wanted <= found, sorted(wanted - found)
    # Where a holiday falls on a weekend the library names that day and the substitute, the government the latter only.
    assert all(day.weekday() > 4 for day in found - wanted), sorted(found - wanted)


def test_holidays_are_named_in_the_reader_s_language():
    names = {language: public_holidays("IQ", (2026,), language)[0][1] for language in ("en", "ar")}
    assert names == {"en": "New Year's Day", "ar": "رأس السنة الميلادية"}
    assert public_holidays("", (2026,), "en") == []


@pytest.mark.parametrize("place", ["XX", "iq", "GB-XYZ", "Atlantis"])
def test_a_country_that_is_not_known_is_said_to_be_none(place):
    with pytest.raises(ValueError, match="expected a country's two letters such as IQ"):
        public_holidays(place, (2026,), "en")


@pytest.mark.django_db
class TestKeeping:
    def words(self, **other):
        day = date(2026, 6, 10)
        return {"name": "Anniversary", "first_day": day, "last_day": day, "now": NOW, **other}

    def test_a_date_is_kept_with_who_and_when_and_the_same_again_changes_nothing(self):
        by = make_person("Layla Aziz", roles=["analyst"])
        row = save_known_date(**self.words(by=by))
        assert save_known_date(**self.words(by=by, replaces=row)) == row
        entry = Entry.objects.get()
        assert (entry.subject, entry.actor, entry.detail["change"]) == (f"known_date:{row.uuid}", by.username, "set")

    def test_an_edit_ends_the_row_and_makes_another(self):
        by = make_person("Layla Aziz", roles=["analyst"])
        row = save_known_date(**self.words(by=by))
        changed = save_known_date(**self.words(by=by, yearly=True, replaces=row))
        row.refresh_from_db()
        assert (row.ended_at, changed.ended_at, changed.yearly) == (NOW, None, True)
        end_known_date(changed, by=by, now=NOW)
        end_known_date(changed, by=by, now=NOW)
        assert [entry.detail["change"] for entry in Entry.objects.all()] == ["set", "ended", "set", "ended"]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": "  "}, "Give the date a name"),
            ({"last_day": date(2026, 6, 9)}, "before the first"),
            ({"last_day": date(2026, 9, 9)}, "more than a month"),
            ({"first_day": date(1, 1, 1), "last_day": date(1, 1, 1)}, "Expected a year"),
            ({"name": "ANNIVERSARY"}, "known on that day already"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_with_the_reason_and_nothing_is_lost(self, wrong, said):
        by = make_person("Layla Aziz", roles=["analyst"])
        save_known_date(**self.words(by=by))
        with pytest.raises(DateRefused, match=said):
            save_known_date(**self.words(by=by) | wrong)
        assert Row.objects.filter(ended_at=None).count() == 1

    @pytest.mark.parametrize(
        "attack",
        ["last_day = first_day - 1", "name = '  '", "name = (SELECT min(name) FROM tempo_knowndate)"],
        ids=["order", "name", "twice"],
    )
    def test_the_database_refuses_what_the_service_refuses(self, attack):
        by = make_person("Layla Aziz", roles=["analyst"])
        save_known_date(**self.words(by=by))
        other = save_known_date(**self.words(by=by, name="Election"))
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tempo_knowndate SET {attack} WHERE id = %s", [other.pk])

    def test_what_they_posted_on_it_before_changes_the_forecast_of_that_day_only(self):
        by = make_person("Layla Aziz", roles=["analyst"])
        start = datetime(2026, 5, 3, 21, tzinfo=UTC)
        for day in range(28):
            for hour in range(0, 24, 1 if day in (8, 9) else 6):
                sighting(start + timedelta(days=day, hours=hour), text=day * 100 + hour)
        plain = calendars.forecast(NOW, NOW + timedelta(days=7), NOW).hours
        save_known_date(**self.words(by=by, name="Seen", first_day=date(2026, 5, 12), last_day=date(2026, 5, 13)))
        assert (
            calendars.overlay(NOW, NOW + timedelta(days=7), selectors.evidence(NOW)).factor is None
        )  # not in these days
        save_known_date(**self.words(by=by, name="seen", first_day=date(2026, 6, 3), last_day=date(2026, 6, 3)))
        Row.objects.update(name="Seen")
        told = calendars.forecast(NOW, NOW + timedelta(days=7), NOW).hours
        changed = {hour.start for hour, was in zip(told, plain, strict=True) if hour.expected > 1.2 * was.expected}
        assert changed == {datetime(2026, 6, 2, 21, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24)}

    def test_a_setting_that_is_wrong_is_said_on_the_page_and_loses_nothing(self, settings):
        settings.PLANNER_HOLIDAYS = "XX"
        by = make_person("Layla Aziz", roles=["analyst"])
        save_known_date(**self.words(by=by))
        found = calendars.calendar(date(2026, 6, 1), date(2026, 7, 1))
        assert "PLANNER_HOLIDAYS" in found.fault
        assert list(found.days) == [date(2026, 6, 10)]
