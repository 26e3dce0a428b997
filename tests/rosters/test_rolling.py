"""Shifts that recur keep their wall time, and are made late."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection

from planner.rosters import selectors
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.models import Shift, ShiftRule
from planner.rosters.rolling import add_rule, end_rule, roll_rules
from planner.rosters.services import Conflict, RosterRefused, add_shift, cancel_shift, ensure_team
from tests.factories import make_person, make_shift

pytestmark = pytest.mark.django_db
NOW = datetime(2014, 3, 20, 12, 0, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHTLY = Recurrence("FREQ=DAILY", datetime.fromisoformat("2014-03-20T22:00"), 8 * 60, "Europe/Brussels")
DAY = timedelta(days=1)


def rule_for(person, recurrence=NIGHTLY, **words):
    team = ensure_team(name="Desk", zone="Europe/Brussels")
    given = {"kind": DutyKind.ON_CALL, "now": NOW, "horizon": 30 * DAY, **words}
    return add_rule(person=person, team=team, recurrence=recurrence, **given)


def test_a_nightly_shift_keeps_its_wall_time_through_the_night_when_clocks_change():
    person = make_person(roles=["duty"])
    rule_for(person)

    shifts = Shift.objects.order_by("during")
    walls = {(s.during.lower.astimezone(BRUSSELS).hour, s.during.upper.astimezone(BRUSSELS).hour) for s in shifts}
    lengths = {s.during.lower.astimezone(BRUSSELS).date().isoformat(): s.during.upper - s.during.lower for s in shifts}

    assert len(shifts) == 30
    assert walls == {(22, 6)}
    assert lengths.pop("2014-03-29") == timedelta(hours=7), "clocks go forward in this night"
    assert set(lengths.values()) == {timedelta(hours=8)}


def test_rolling_twice_makes_each_shift_once_and_goes_on_where_it_stopped():
    rule_for(make_person(roles=["duty"]))

    assert roll_rules(now=NOW, horizon=30 * DAY) == 0
    assert roll_rules(now=NOW + 3 * DAY, horizon=30 * DAY) == 3
    assert roll_rules(now=NOW + 3 * DAY, horizon=30 * DAY) == 0

    starts = list(Shift.objects.order_by("during").values_list("during", flat=True))
    gaps = {later.lower.astimezone(BRUSSELS).date() - earlier.lower.astimezone(BRUSSELS).date()
            for earlier, later in pairwise(starts)}  # fmt: skip
    assert (len(starts), gaps) == (33, {DAY})


def test_a_cancelled_shift_of_a_rule_does_not_come_back():
    manager = make_person("Chief", roles=["manager"])
    rule, _new = rule_for(make_person(roles=["duty"]))
    cancel_shift(rule.shifts.order_by("during").first(), by=manager, now=NOW)
    ShiftRule.objects.update(rolled_until=None)

    roll_rules(now=NOW, horizon=30 * DAY)

    assert Shift.objects.filter(cancelled_at=None).count() == 29
    assert Shift.objects.count() == 30


def test_what_was_put_on_by_hand_wins_over_a_shift_made_later():
    person = make_person(roles=["duty", "officer"])
    rule_for(person)
    by_hand = datetime(2014, 4, 21, 20, 0, tzinfo=UTC)
    make_shift(person, by_hand, 4)

    assert roll_rules(now=NOW + 3 * DAY, horizon=30 * DAY) == 2
    (duty,) = selectors.on_watch(by_hand + timedelta(hours=1))
    assert duty.kind == DutyKind.DESK


def test_a_new_rule_that_meets_another_shift_is_refused_whole_and_names_it():
    person = make_person("Layla Hasan", roles=["duty"])
    make_shift(person, datetime(2014, 4, 1, 20, 0, tzinfo=UTC), 4)

    with pytest.raises(Conflict, match="Layla Hasan is on watch then already: desk, Tue 1 Apr 2014 23:00 – 03:00"):
        rule_for(person)

    assert not ShiftRule.objects.exists()


def test_an_ended_rule_takes_its_later_shifts_along():
    manager = make_person("Chief", roles=["manager"])
    rule, _new = rule_for(make_person(roles=["duty"]))

    assert end_rule(rule, at=NOW + 10 * DAY, by=manager, now=NOW) == 20
    assert roll_rules(now=NOW + 20 * DAY) == 0
    assert Shift.objects.filter(cancelled_at=None).count() == 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rrule": "FREQ=SOMETIMES"}, "“FREQ=SOMETIMES” is not a rule for shifts; expected one such as"),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20140101T000000Z"}, "This rule makes no shift before"),
        ({"minutes": 25 * 60}, "The shifts of this rule overlap one another: is the end right?"),
        ({"zone": "Baghdad"}, "“Baghdad” is not a time zone of the IANA database; did you mean Asia/Baghdad?"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(changes, said):
    words = {name: getattr(NIGHTLY, name) for name in ("rrule", "local_start", "minutes", "zone")}

    with pytest.raises(RosterRefused) as refused:
        rule_for(make_person(roles=["duty"]), Recurrence(**{**words, **changes}))

    assert str(refused.value).startswith(said)


def test_the_same_rule_again_is_no_change():
    person = make_person(roles=["duty"])
    rule, is_new = rule_for(person)

    assert is_new
    assert rule_for(person) == (rule, False)


def test_two_rules_of_one_person_may_meet_end_to_end():
    person = make_person(roles=["duty"])
    rule_for(person)
    early = Recurrence("FREQ=DAILY", datetime.fromisoformat("2014-03-21T06:00"), 16 * 60, "Europe/Brussels")

    assert rule_for(person, early)[1]
    assert len(selectors.on_watch(NOW + 2 * DAY)) == 1
    with pytest.raises(Conflict):
        add_shift(
            person=person,
            team=rule_for(person)[0].team,
            kind=DutyKind.DESK,
            start=NOW + DAY,
            end=NOW + 2 * DAY,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("change", "kept_by"), [("kind = 'x'", "rule_kind_known"), ("roles = '{x}'", "rule_roles_known")]
)
def test_the_database_refuses_a_rule_of_no_known_kind_or_role(change, kept_by):
    rule_for(make_person(roles=["duty"]))

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rosters_shiftrule SET {change}")
