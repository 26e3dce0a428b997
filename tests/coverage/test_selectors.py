"""From rows to gaps with their cost."""

from datetime import timedelta

import pytest

from planner.claims.models import Claim
from planner.coverage import selectors, services
from planner.coverage.core.links import Link
from planner.rosters.core.kinds import DutyKind
from planner.rosters.services import add_leave
from planner.wallclock import WeeklyRule
from tests.coverage import rows
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NOW, DAY = rows.NOW, timedelta(days=1)


def test_without_requirements_every_link_is_asked_for_always_and_said_to_be_assumed():
    rows.desk()
    rows.channel()
    found = selectors.reading(NOW, NOW + DAY, NOW)
    assert found.requirements_assumed
    assert [(one.gap.start, one.gap.end) for one in found.gaps] == [
        (NOW, rows.MORNING),
        (rows.EVENING, NOW + DAY),
    ]
    assert found.gaps[0].links == [Link.SEEN, Link.DRAFTED, Link.CLEARED]
    assert found.covered_share == pytest.approx(14 / 24)


def test_a_person_on_leave_covers_nothing():
    people = rows.desk()
    rows.channel()
    add_leave(person=people[2], start=rows.MORNING, end=rows.EVENING, now=NOW)
    found = selectors.gaps_between(rows.MORNING, rows.EVENING, NOW)
    assert [one.gap.missing for one in found] == [{Link.CLEARED}]


def test_a_gap_lasts_until_the_chain_stands_again_in_the_days_after():
    rows.desk()
    rows.desk(rows.MORNING + DAY, rows.EVENING + DAY)
    rows.channel()
    (gap,) = selectors.gaps_between(rows.EVENING, rows.EVENING + timedelta(hours=2), NOW)
    assert gap.cost.whole_again == rows.MORNING + DAY


def test_an_acceptance_counts_only_for_the_whole_gap_and_every_link():
    owner = make_person(roles=["manager"])

    def accept(links, end):
        words = {"owner": owner, "by": owner, "reason": "Ramadan", "now": NOW, "expires_at": NOW + 30 * DAY}
        return services.accept_gap(start=NOW, end=end, links=links, **words)

    accept(["seen"], NOW + DAY)
    accept(list(Link), NOW + DAY / 2)
    (gap,) = selectors.gaps_between(NOW, NOW + DAY, NOW)
    assert gap.accepted is None
    whole = accept(list(Link), NOW + DAY)
    (gap,) = selectors.gaps_between(NOW, NOW + DAY, NOW)
    assert gap.accepted == whole
    (gap,) = selectors.gaps_between(NOW, NOW + DAY, NOW + 31 * DAY)
    assert gap.accepted is None, "it has expired"
    services.end_acceptance(whole, by=owner, now=NOW)
    (gap,) = selectors.gaps_between(NOW, NOW + DAY, NOW)
    assert gap.accepted is None, "it was taken back"


def test_an_acceptance_that_expires_within_a_gap_spares_what_comes_before_and_the_loss_adds_up():
    rows.desk()
    rows.channel()
    lead, expiry = make_person("Rima", roles=["manager"]), rows.EVENING + timedelta(hours=4)
    words = {"start": NOW, "end": NOW + 3 * DAY, "links": list(Link), "reason": "Harvest.", "owner": lead, "by": lead}
    [whole] = selectors.gaps_between(rows.EVENING, NOW + DAY, NOW)
    services.accept_gap(**words, expires_at=expiry, now=NOW)
    before, after = selectors.gaps_between(rows.EVENING, NOW + DAY, NOW)
    assert [(one.gap.start, one.gap.end, one.accepted is not None) for one in (before, after)] == [
        (rows.EVENING, expiry, True),
        (expiry, NOW + DAY, False),
    ]
    assert before.cost.loss + after.cost.loss == pytest.approx(whole.cost.loss)
    assert selectors.reading(rows.EVENING, NOW + DAY, NOW).lost == pytest.approx(after.cost.loss)


def test_claims_of_past_nights_make_the_night_cost_more_than_the_day():
    for day in range(1, 29):
        broke = rows.EVENING - day * DAY + timedelta(hours=1)
        Claim.objects.create(text="x", broke_earliest=broke, broke_latest=broke, created_at=broke)
    found = selectors.reading(NOW, NOW + DAY, NOW)
    (gap,) = found.gaps
    assert found.forecast.basis == "claims"
    assert gap.cost.expected == pytest.approx(1, rel=0.1)
    rows.channel()
    rows.desk()
    covered = selectors.reading(NOW, NOW + DAY, NOW)
    assert covered.weighted_covered_share < 0.3 < covered.covered_share


def test_the_chain_names_who_holds_each_link_and_how():
    ali, _basma, _dina = rows.desk()
    rows.put(make_person("Omar Aziz", roles=["duty"]), rows.MORNING, rows.EVENING + DAY, DutyKind.ON_CALL)
    rows.channel()
    chain = selectors.chain(NOW, NOW + DAY)
    assert [(piece.kind, piece.label) for piece in chain[Link.SEEN]] == [("desk", str(ali)), ("on_call", "Omar Aziz")]
    assert [piece.kind for piece in chain[Link.PUBLISHED]] == ["channel"]
    assert [(piece.start, piece.end) for piece in chain[Link.CLEARED]] == [(rows.MORNING, rows.EVENING)]


def test_requirements_by_language_are_met_in_that_language():
    rule = WeeklyRule(frozenset(range(7)), 8 * 60, 22 * 60, "Asia/Baghdad")
    services.set_requirement(link="drafted", language="ar", rule=rule, now=NOW)
    rows.desk()
    found = selectors.reading(NOW, NOW + DAY, NOW)
    assert not found.requirements_assumed
    assert [(one.gap.missing, one.gap.languages) for one in found.gaps] == [({Link.DRAFTED}, {"ar"})]


def test_a_recorded_day_stays_as_it_stood_when_it_ended():
    rows.desk()
    rows.channel()
    next_afternoon = rows.MORNING + timedelta(days=1, hours=8)
    ledger, is_new = services.record_ledger(now=next_afternoon)
    assert (ledger.day.isoformat(), is_new) == ("2014-06-09", True)
    assert ledger.covered.total() == timedelta(hours=10), "from noon to 22:00"
    assert ledger.gaps.total() == timedelta(hours=14)
    rows.put(make_person("Late", roles=["analyst"]), rows.EVENING, rows.EVENING + timedelta(hours=8))
    for role in ("officer", "approver"):
        rows.put(make_person(role, roles=[role]), rows.EVENING, rows.EVENING + timedelta(hours=8))
    assert services.record_ledger(now=next_afternoon) == (ledger, False)
    night = selectors.covered_between(rows.EVENING, rows.EVENING + timedelta(hours=8))
    assert not night, "shifts entered afterwards did not answer anybody"
