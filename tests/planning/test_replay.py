"""Had that roster stood: against a simulation that walks minute by minute and tries everybody for everything."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.core.gaps import Requirement, find
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions, expected_loss
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.planning.core.answering import Broken, Desk, Pace
from planner.planning.core.replay import paid, replay
from planner.planning.core.waking import expected_wake_ups
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span
from planner.tempo.core.rates import Hour
from planner.wallclock import WeeklyRule, to_instant

START = datetime(2014, 6, 9, 18, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HALF_LIFE = 80 * MINUTE
PACE = Pace(2 * MINUTE, 6 * MINUTE, 3 * MINUTE, 1 * MINUTE, wake=5 * MINUTE)
LENGTH = 100  # minutes that the small worlds last
ROLES = ("analyst", "duty", "officer", "approver")
BOTH = frozenset({Link.DRAFTED, Link.CLEARED})
NAMES = ("Ali", "Basma", "Dina")


def at(minute):
    return START + minute * MINUTE


def duty(person, start, end, roles, kind="desk", languages=("en",)):
    span = Span(at(start), at(end))
    return Duty(person, NAMES[person], frozenset(roles), frozenset(languages), DutyKind(kind), span)


def channel(start=0, end=10 * LENGTH, languages=()):
    return Supply(
        SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(languages), Span(at(start), at(end)), "Site"
    )


def line(start, end, languages=()):
    return Supply(SupplyKind.CLEARED_LINE, BOTH, frozenset(languages), Span(at(start), at(end)), "Line")


def answered(claim, duties, supplies, pace=PACE):
    found = Desk(Watch(duties, supplies), pace).answer(claim)
    return None if found.at is None else (found.at - START) / MINUTE


@st.composite
def duties(draw):
    start = draw(st.integers(0, LENGTH - 1))
    end = draw(st.integers(start + 1, LENGTH))
    roles = draw(st.sets(st.sampled_from(ROLES), min_size=1))
    kind = draw(st.sampled_from(["desk", "on_call"]))
    return duty(draw(st.integers(0, 2)), start, end, roles, kind, draw(st.sampled_from([("en",), ("ar",)])))


@st.composite
def supplies(draw):
    start = draw(st.integers(0, LENGTH - 1))
    end = draw(st.integers(start + 1, LENGTH))
    return draw(st.sampled_from([channel, line]))(start, end, draw(st.sampled_from([(), ("en",)])))


claims = st.builds(Broken, st.just("c"), st.integers(0, LENGTH).map(at), st.just(1.0), st.sampled_from(["", "en"]))


class Minutes:
    """The slow way: for every choice of people, minute after minute, whose turn it is and whether they are there."""

    def __init__(self, claim, duties, supplies):
        self.claim, self.duties, self.supplies = claim, duties, supplies
        self.broke = round((claim.at - START) / MINUTE)
        self.alarm = None
        self.alarm = self.turn(self.broke, [d for d in duties if d.roles & {"analyst", "duty"}], None, wakes=False)

    def answered(self):
        found = [self.published(cleared) for cleared in self.cleared() if cleared is not None]
        return min((one for one in found if one is not None), default=None)

    def cleared(self):
        seers = [d for d in self.duties if d.roles & {"analyst", "duty"}]
        seen = self.then(self.turn(self.broke, seers, None), 2)
        if seen is None:
            return
        for author, approver in product(range(3), repeat=2):
            if author != approver:
                drafted = self.then(self.turn(seen, self.of(author, "officer"), self.claim.language), 6)
                yield drafted and self.then(self.turn(drafted, self.of(approver, "approver"), self.claim.language), 3)
        releasers = [d for d in self.duties if d.roles & {"duty", "officer", "approver"}]
        for one in self.supplies:
            if one.kind == "cleared_line" and self.fits(one):
                yield self.then(self.turn(seen, releasers, None, line=one), 3)

    def published(self, ready):
        for minute in range(ready, LENGTH * 2):
            if any(s.kind == "channel" and self.fits(s) and there(s.span, minute) for s in self.supplies):
                return minute + 1
        return None

    def of(self, person, role):
        return [d for d in self.duties if d.person_id == person and role in d.roles]

    def fits(self, supply):
        return not supply.languages or not self.claim.language or self.claim.language in supply.languages

    def then(self, minute, work):
        return None if minute is None else minute + work

    def turn(self, ready, duties, language, line=None, wakes=True):
        """The first minute at which one of them has it in hand."""
        found = []
        for minute in range(ready, LENGTH + 1):
            for one in duties:
                if there(one.span, minute) and (line is None or there(line.span, minute)):
                    if language and language not in one.languages:
                        continue
                    start = round((one.span.start - START) / MINUTE)
                    paged = max(start, minute if self.alarm is None else self.alarm)
                    asleep = one.kind == "on_call" and wakes
                    found.append(max(minute, paged + 5) if asleep else minute)
        return min(found, default=None)


def there(span, minute):
    return span.start <= at(minute) < span.end


worlds = {"duties": st.lists(duties(), max_size=6), "supplies": st.lists(supplies(), max_size=3)}


@settings(max_examples=200, deadline=None)
@given(claim=claims, **worlds)
def test_the_answer_comes_when_a_walk_through_the_minutes_finds_it(claim, duties, supplies):
    assert answered(claim, duties, supplies) == Minutes(claim, duties, supplies).answered()


@settings(max_examples=150, deadline=None)
@given(happened=st.lists(claims, min_size=1, max_size=4), more=duties(), **worlds)
def test_one_shift_more_never_makes_an_answer_later_nor_the_loss_larger(happened, more, duties, supplies):
    before = replay(happened, Watch(duties, supplies), PACE, HALF_LIFE)
    after = replay(happened, Watch([*duties, more], supplies), PACE, HALF_LIFE)
    never = timedelta.max
    for one, two in zip(before.answers, after.answers, strict=True):
        assert (two.wait if two.wait is not None else never) <= (one.wait if one.wait is not None else never)
    assert after.loss <= before.loss + 1e-12


@settings(max_examples=60, deadline=None)
@given(happened=st.lists(claims, max_size=5), **worlds)
def test_no_claim_is_dropped_and_the_links_are_in_order(happened, duties, supplies):
    found = replay(happened, Watch(duties, supplies), PACE, HALF_LIFE)
    assert len(found.answers) == len(happened)
    assert list(found.within.values()) == sorted(found.within.values())
    assert found.within[240] <= found.answered <= len(happened)
    for one in found.answers:
        moments = [one.claim.at, *(moment for step in one.steps for moment in (step.began, step.done))]
        assert moments == sorted(moments)
        assert one.missing == (None if one.at else list(Link)[len(one.steps)])
        people = {step.link: step.who for step in one.steps if step.kind in ("desk", "on_call")}
        drafted, cleared = people.get(Link.DRAFTED), people.get(Link.CLEARED)
        assert drafted is None or drafted != cleared, "author and approver are two people"


WATCHERS = [("analyst", 0), ("officer", 1), ("approver", 2)]


def everybody(start, end, kind="desk"):
    return [duty(person, start, end, [role], kind) for role, person in WATCHERS]


def test_at_the_desk_the_reaction_is_split_over_the_links_and_on_call_wakes_once():
    pace = Pace.of(30 * MINUTE, 40 * MINUTE)
    claim = Broken("c", at(0))
    found = Desk(Watch(everybody(0, 600), [channel()]), pace).answer(claim)
    assert [(step.done - START) / MINUTE for step in found.steps] == [5, 20, 25, 30]
    assert (found.longest, found.pages) == (None, [])
    woken = Desk(Watch(everybody(0, 600, "on_call"), [channel()]), pace).answer(claim)
    assert woken.wait == 40 * MINUTE
    assert {page.name: page.at for page in woken.pages} == dict.fromkeys(NAMES, START), "one alarm wakes the chain"


def test_each_link_says_how_long_it_was_waited_for():
    there = [duty(0, 0, 60, ["analyst"]), duty(1, 30, 600, ["officer"]), duty(2, 300, 600, ["approver"])]
    found = Desk(Watch(there, [channel()]), PACE).answer(Broken("c", at(10)))
    assert [step.who for step in found.steps] == ["Ali", "Basma", "Dina", "Site"]
    assert [(step.began - START) / MINUTE for step in found.steps] == [10, 30, 300, 303]
    assert found.longest is Link.CLEARED
    alone = Desk(Watch(there[:2], [channel()]), PACE).answer(Broken("c", at(10)))
    assert (alone.missing, alone.longest, alone.lost(HALF_LIFE)) == (Link.CLEARED, Link.CLEARED, 1.0)


def test_nobody_clears_their_own_words():
    both = duty(0, 0, 600, ["analyst", "officer", "approver"])
    assert answered(Broken("c", at(0)), [both], [channel()]) is None
    slow = duty(1, 200, 600, ["approver"])
    assert answered(Broken("c", at(0)), [both, slow], [channel()]) == 204


def test_pages_within_an_hour_are_one_wake_up_and_nights_are_counted_apart():
    baghdad = ZoneInfo("Asia/Baghdad")
    broke = [0, 10, 59, 60, 100, 24 * 60]
    watch = Watch(everybody(0, 48 * 60, "on_call"), [channel(end=72 * 60)])
    found = replay([Broken(str(n), at(n)) for n in broke], watch, PACE, HALF_LIFE)
    ali = [page for page in found.wakings if page.name == "Ali"]
    assert [(page.at - START) / MINUTE for page in ali] == [0, 60, 24 * 60]
    counts = [(one.name, one.wake_ups) for one in found.nights(baghdad)]
    assert counts == [("Ali", 2), ("Basma", 2), ("Dina", 2), ("Ali", 1), ("Basma", 1), ("Dina", 1)]


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 5), (10, 25, 7)])
def test_a_changeover_night_is_as_long_as_it_was(month, day, hours):
    berlin = ZoneInfo("Europe/Berlin")
    start, end = (
        to_instant(datetime.fromisoformat(f"2026-{month:02}-{day}T{hour}:00"), berlin) for hour in ("00", "06")
    )
    there = [
        Duty(person, NAMES[person], frozenset({role}), frozenset({"en"}), DutyKind.DESK, Span(start, end))
        for role, person in WATCHERS
    ]
    open_all_day = Supply(
        SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(), Span(start - 9 * HOUR, end + 9 * HOUR)
    )
    assert paid(there, start - HOUR, end + HOUR, lambda _duty: 1.0) == 3 * hours
    claims = [Broken("early", start - 90 * MINUTE), Broken("last", end - MINUTE), Broken("late", end)]
    found = replay(claims, Watch(there, [open_all_day]), PACE, HALF_LIFE)
    early, last, late = found.answers
    assert early.wait == 90 * MINUTE + 12 * MINUTE
    assert (last.at, late.at) == (None, None), "whoever has begun finishes; nobody follows"
    assert (last.missing, late.missing) == (Link.DRAFTED, Link.SEEN)
    on_call = [replace(one, kind=DutyKind.ON_CALL) for one in there]
    woken = replay([Broken("c", start)], Watch(on_call, [open_all_day]), PACE, HALF_LIFE).nights(berlin)
    assert [(one.night.duration / HOUR, one.wake_ups) for one in woken] == [(18 + hours, 1)] * 3


@settings(max_examples=25, deadline=None)
@given(
    starts=st.lists(st.integers(0, 20), min_size=1, max_size=3, unique=True),
    rates=st.lists(st.floats(0.1, 3), min_size=24, max_size=24),
    kind=st.sampled_from(["desk", "on_call"]),
)
def test_when_claims_come_as_foretold_it_loses_what_coverage_expects_in_the_gaps(starts, rates, kind):
    assumed, end = Assumptions(), START + 24 * HOUR
    there = [one for start in starts for one in everybody(start * 60, start * 60 + 120, kind)]
    watch = Watch(there, [channel(end=100 * 60)])
    hours = [Hour(START + n * HOUR, rate, 0, 0) for n, rate in enumerate(rates)]
    always = WeeklyRule(frozenset(range(7)), 0, 1440, "UTC")
    needs = [Requirement(link, None, always) for link in Link]
    expected = expected_loss(watch, needs, hours, assumed, START, end)
    covered = find(needs, watch, START, end).covered
    steps = [START + (n + 0.5) * 2 * MINUTE for n in range(24 * 30)]
    claims = [Broken(str(n), at, rates[n // 30] / 30) for n, at in enumerate(steps) if not covered.contains(at)]
    # All of the work in the last link, which a channel does: nobody's shift ends before the work is done.
    pace = Pace(*[timedelta(0)] * 3, assumed.desk, assumed.on_call - assumed.desk)
    assert replay(claims, watch, pace, assumed.half_life).loss == pytest.approx(expected, rel=2e-3, abs=1e-3)


def test_as_many_wake_ups_are_expected_as_a_stream_of_claims_makes():
    chance = random.Random(11)
    for rate in (0.1, 0.5, 2.0, 8.0):
        claims, now = [], 0.0
        while now < 4000:
            now += chance.expovariate(rate)
            claims.append(Broken(str(len(claims)), START + now * HOUR))
        watch = Watch(everybody(0, 4100 * 60, "on_call"), [channel(end=5000 * 60)])
        woken = [page for page in replay(claims, watch, PACE, HALF_LIFE).wakings if page.person_id == 0]
        assert len(woken) == pytest.approx(expected_wake_ups(rate, 4000 * HOUR), rel=0.12)
