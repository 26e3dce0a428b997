"""A night of swap, overrides and leave: pager, calendar, coverage, night line, staffed clock and replay agree.

The roster is written down by hand, half hour by half hour; every page and every machine must say the same.
"""

from datetime import datetime, timedelta

import icalendar
import pytest

from planner.coverage import selectors as coverage
from planner.coverage.core.links import Link
from planner.coverage.services import record_ledger, set_requirement
from planner.desk.feed import feed
from planner.desk.selectors import tonight
from planner.people.models import User
from planner.planning.replaying import report
from planner.rosters import selectors as rosters
from planner.rosters.calendars.feeds import renew_feed, standing_key
from planner.rosters.overriding import add_person, remove_person, replace_person
from planner.rosters.swapping import accept_swap, ask_for_approval, offer_swap
from planner.spans import Span, SpanSet
from planner.tasking.core.ladder import Why
from planner.tasking.selectors import steps
from planner.tasking.services import open_task
from planner.wallclock import WeeklyRule
from tests.factories import make_claim, make_leave, make_person, make_shift
from tests.rosters.roster import NIGHT, NOW, at, manager, people

pytestmark = pytest.mark.django_db

HALF = timedelta(minutes=30)
ZONE = "Asia/Baghdad"
# 22:00 to 06:00 in Baghdad, two letters an hour: L(ayla), O(mar), S(ara), Y(usuf), - (nobody).
WRITTEN = "LLLL" + "OOOO" + "SS" + "LL" + "--" + "-Y"
HALVES = [at(0) + HALF * number for number in range(len(WRITTEN))]


@pytest.fixture
def night() -> dict[str, User]:
    """Layla is on call from 22:00 to 06:00, and hardly any of it stays with her; by letter of WRITTEN."""
    layla, omar, sara, yusuf = people("Layla Hasan", "Omar Aziz", "Sara Nouri", "Yusuf Amin")
    chief = manager()
    shift = make_shift(layla, at(0), 8, kind="on_call", roles=["duty"])
    ask_for_approval(shift.team, wanted=False, by=chief, now=NOW)
    accept_swap(offer_swap(shift, start=at(2), end=at(4), by=layla, now=NOW), by=omar, now=NOW)
    replace_person(person=layla, stand_in=sara, start=at(4), end=at(5), by=chief, now=NOW)
    make_leave(layla, at(6), 1)
    remove_person(person=layla, start=at(7), end=at(8), by=chief, now=NOW)
    add_person(person=yusuf, start=at(7.5), end=at(8), kind="on_call", roles=["duty"], by=chief, now=NOW)
    rule = WeeklyRule(frozenset(range(7)), 22 * 60, 6 * 60, ZONE)
    set_requirement(link="seen", role="duty", rule=rule, now=NOW)
    return {"L": layla, "O": omar, "S": sara, "Y": yusuf}


def expected(night: dict[str, User], moment: datetime) -> set[str]:
    """Who the written roster says is on watch."""
    letter = WRITTEN[(moment - NIGHT) // HALF]
    return {str(night[letter])} if letter != "-" else set()


def missing() -> SpanSet:
    """The half hours in which the written roster has nobody."""
    return SpanSet(Span(start, start + HALF) for start, letter in zip(HALVES, WRITTEN, strict=True) if letter == "-")


def test_the_pager_wakes_whom_the_roster_names(night):
    asker = make_person("Nadia Analyst", roles=["analyst"])
    task = open_task(make_claim(at=NIGHT, language=""), by=asker, now=NIGHT)
    names = {person.pk: str(person) for person in night.values()}
    for moment in HALVES:
        paged = {names[step.person_id] for step in steps(task, now=moment) if step.why is not Why.LAST_RESORT}
        assert paged == expected(night, moment), moment
        assert {duty.name for duty in rosters.on_watch(moment)} == paged, moment


def test_each_persons_calendar_holds_their_own_part(night):
    for person in night.values():
        renew_feed(person, language="en", now=NOW)
        calendar = icalendar.Calendar.from_ical(feed(standing_key(person), now=NOW))
        events = [event for event in calendar.walk("VEVENT") if event["SUMMARY"] == "On call"]
        for moment in HALVES:
            is_in = any(event.start <= moment < event.end for event in events)
            assert is_in is (str(person) in expected(night, moment)), (str(person), moment)


def test_coverage_the_night_line_and_the_staffed_clock_say_the_same_gaps(night):
    end = at(8)
    found = coverage.reading(NIGHT, end, NOW)
    assert SpanSet(one.gap.span for one in found.gaps) == missing()
    assert coverage.covered_between(NIGHT, end) == SpanSet([Span(NIGHT, end)]) - missing()

    drawn = tonight(now=NIGHT, zone=ZONE, viewer_zone=ZONE)
    assert SpanSet(Span(gap.start, gap.end) for gap in drawn.gaps) == missing()
    for moment in HALVES:
        labels = {piece.label for piece in drawn.chain[str(Link.SEEN)] if piece.start <= moment < piece.end}
        assert labels == expected(night, moment), moment


def test_the_ledger_keeps_the_night_though_the_roster_is_edited_after(night):
    record_ledger(now=at(20))
    yesterday = coverage.covered_between(NIGHT, at(8))
    make_shift(make_person("Late Comer", roles=["duty"]), at(6), 1, kind="on_call")
    assert coverage.covered_between(NIGHT, at(8)) == yesterday == SpanSet([Span(NIGHT, at(8))]) - missing()


def test_a_replay_of_the_night_pages_the_same_people_and_counts_the_same_gaps(night):
    for moment in HALVES:
        make_claim(f"Claim of {moment:%H:%M}", at=moment, language="")
    found = report(rosters.duties(NIGHT, at(8)), NIGHT, at(8))

    assert (found.required, found.uncovered) == (len(HALVES), WRITTEN.count("-"))
    for answer in found.found.answers:
        first = next((page for page in answer.pages), None)
        whoever = expected(night, answer.claim.at)
        assert not whoever or (first and {first.name} == whoever and first.at == answer.claim.at), answer.claim.at
