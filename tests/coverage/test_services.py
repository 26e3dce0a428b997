"""Requirements, acceptances and supplies as rows, and what PostgreSQL itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from planner.coverage import selectors, services
from planner.coverage.models import AcceptedGap, Assumption, Ledger, Measurement, Requirement, Supply
from planner.coverage.services import CoverageRefused
from planner.journal.models import Entry
from planner.spans import SpanSet
from planner.wallclock import WeeklyRule
from tests.coverage import rows
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NOW, DAY = rows.NOW, timedelta(days=1)
NIGHTS = WeeklyRule(frozenset(range(7)), 22 * 60, 4 * 60, "Asia/Baghdad")


def test_the_same_requirement_again_changes_nothing():
    first, is_new = services.set_requirement(link="seen", rule=NIGHTS, now=NOW)
    assert is_new
    assert services.set_requirement(link="seen", rule=NIGHTS, now=NOW) == (first, False)
    assert Entry.objects.filter(milestone="rostered", subject=f"requirement:{first.uuid}").count() == 1


def test_another_number_of_people_ends_the_old_requirement_and_keeps_it():
    first, _ = services.set_requirement(link="seen", rule=NIGHTS, now=NOW)
    second, is_new = services.set_requirement(link="seen", rule=NIGHTS, people=2, now=NOW)
    first.refresh_from_db()
    assert (is_new, first.ended_at) == (True, NOW)
    assert list(selectors.standing_requirements()) == [second]


def test_an_edit_replaces_in_one_step():
    first, _ = services.set_requirement(link="seen", rule=NIGHTS, now=NOW)
    services.set_requirement(link="cleared", rule=NIGHTS, now=NOW, replaces=first)
    assert [one.link for one in selectors.standing_requirements()] == ["cleared"]


@pytest.mark.parametrize(
    ("wrong", "said"), [({"link": "sent"}, "expected one of"), ({"people": 0}, "one person at least")]
)
def test_a_requirement_that_makes_no_sense_is_refused_in_words(wrong, said):
    with pytest.raises(CoverageRefused, match=said):
        services.set_requirement(**{"link": "seen", "rule": NIGHTS, "now": NOW, **wrong})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": "  "}, "Say why"),
        ({"links": []}, "at least one link"),
        ({"end": NOW}, "end after"),
        ({"expires_at": NOW}, "expire in the future"),
    ],
)
def test_a_gap_is_accepted_with_all_its_words_or_not_at_all(wrong, said):
    owner = make_person(roles=["manager"])
    words = {"start": NOW, "end": NOW + DAY, "links": ["seen"], "owner": owner, "by": owner, "now": NOW}
    with pytest.raises(CoverageRefused, match=said):
        services.accept_gap(**{**words, "reason": "known", "expires_at": NOW + DAY, **wrong})
    assert not AcceptedGap.objects.exists()


def test_an_accepted_gap_is_in_the_journal_with_owner_and_reason():
    owner = make_person(roles=["manager"])
    words = {"links": ["seen"], "owner": owner, "by": owner, "reason": "Eid", "expires_at": NOW + DAY, "now": NOW}
    services.accept_gap(start=NOW, end=NOW + DAY, **words)
    entry = Entry.objects.get(milestone="gap_accepted")
    assert (entry.actor, entry.detail["reason"], entry.detail["owner"]) == (owner.username, "Eid", owner.username)


def test_a_channel_held_and_let_go_keeps_its_past():
    rows.channel(start=NOW)
    services.close_supply("channel:site", at=NOW + DAY)
    rows.channel(start=NOW + 2 * DAY)
    spans = SpanSet(supply.span for supply in selectors.supplies(NOW, NOW + 3 * DAY))
    assert spans == SpanSet([(NOW, NOW + DAY), (NOW + 2 * DAY, NOW + 3 * DAY)])


def test_registering_again_replaces_what_comes_after():
    rows.channel(start=NOW, languages=["en"])
    rows.channel(start=NOW + DAY, languages=["ar", "en"])
    assert list(Supply.objects.order_by("during").values_list("languages", flat=True)) == [["en"], ["ar", "en"]]
    rows.channel(start=NOW, languages=[])
    assert Supply.objects.count() == 1


def test_closing_what_never_was_changes_nothing():
    services.close_supply("channel:none", at=NOW)
    assert not Supply.objects.exists()


def test_a_supply_of_an_unknown_link_is_refused():
    with pytest.raises(ValueError, match="sent"):
        services.register_supply(key="x", kind="channel", links=["sent"], languages=[], during=(NOW, None), label="x")


def _requirement(**words):
    usual = {"link": "seen", "days": [0], "from_minute": 0, "to_minute": 1440, "zone": "UTC"}
    return lambda: Requirement.objects.create(**{**usual, **words})


def _accepted(**words):
    owner = make_person()
    usual = {"during": DateTimeTZRange(NOW, NOW + DAY), "links": ["seen"], "owner": owner, "reason": "known"}
    return AcceptedGap.objects.create(**{**usual, "accepted_at": NOW, "expires_at": NOW + DAY, **words})


def _assumption(**words):
    return Assumption.objects.create(**{"key": "desk", "minutes": 30, "set_at": NOW, "set_by": make_person(), **words})


def _measurement(**words):
    return Measurement.objects.create(**{"stand": "desk", "claims": 2, "answered": 1, "measured_at": NOW, **words})


@pytest.mark.parametrize(
    ("attack", "rule"),
    [
        (_requirement(link="sent"), "requirement_link_known"),
        (_requirement(days=[7]), "requirement_days_known"),
        (_requirement(from_minute=1440), "requirement_minutes_in_a_day"),
        (_requirement(people=0), "requirement_asks_for_somebody"),
        (lambda: [_requirement()(), _requirement()()], "requirement_once"),
        (_requirement(role="manager"), "requirement_role_does_the_link"),
        (_requirement(link="published", role="duty"), "requirement_role_does_the_link"),
        (lambda: _assumption(key="speed"), "assumption_key_known"),
        (lambda: _assumption(minutes=0), "assumption_a_week_at_most"),
        (lambda: [_assumption(), _assumption(minutes=31)], "assumption_one_stands"),
        (lambda: _measurement(stand="asleep"), "measurement_stand_known"),
        (lambda: _measurement(answered=3), "measurement_of_its_claims"),
        (lambda: [_measurement(), _measurement()], "measurement_once"),
        (lambda: _accepted(reason=""), "accepted_gap_says_why"),
        (lambda: _accepted(expires_at=NOW), "accepted_gap_expires_later"),
        (lambda: _accepted(during=DateTimeTZRange(NOW, None)), "accepted_gap_has_two_ends"),
        (
            lambda: [
                Supply.objects.create(key="k", kind="channel", links=[], during=DateTimeTZRange(NOW, end), label="")
                for end in (None, NOW + DAY)
            ],
            "supply_once_at_a_time",
        ),
    ],
)
def test_postgresql_keeps_the_rules_of_coverage(attack, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        attack()


def test_multiranges_come_back_as_they_went_in():
    spans = SpanSet([(NOW, NOW + DAY), (NOW + 2 * DAY, NOW + 3 * DAY)])
    words = {"day": NOW.date(), "zone": "UTC", "recorded_at": NOW}
    row = Ledger.objects.create(required=spans, covered=SpanSet.empty(), gaps=spans, **words)
    row.refresh_from_db()
    assert (row.required, row.covered, row.gaps) == (spans, SpanSet.empty(), spans)
