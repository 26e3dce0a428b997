"""Who is asked to clear words: on duty for it, a deputy, everybody; never the author, never somebody on leave."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.claims.services import decide
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span
from planner.tasking import selectors
from planner.tasking.core.ladder import Why, climb, review_ladder
from planner.tasking.dispatch import hand_over as clock_looks
from planner.tasking.models import Task
from planner.tasking.services import (
    Ask,
    TaskRefused,
    acknowledge,
    ask_for_review,
    attend,
    close_for_claim,
    hand_over,
    open_task,
    review_moved,
    touch_claim,
)
from tests.factories import make_claim, make_leave, make_person, make_shift
from tests.tasking.nights import MINUTE, NIGHT, on_call, paged

HOUR = Span(datetime(2014, 6, 9, 22, tzinfo=UTC), datetime(2014, 6, 10, 6, tzinfo=UTC))


def duty(person, *roles, languages=("ar",), kind=DutyKind.ON_CALL):
    return Duty(person, f"person {person}", frozenset(roles), frozenset(languages), kind, HOUR)


def order(*duties, approvers, **words):
    return [(step.person_id, step.why) for step in review_ladder(duties, approvers=approvers, **words)]


# pure -----------------------------------------------------------------------------------------------------------------
def test_the_approver_at_the_desk_then_on_call_then_the_deputy_then_everybody():
    deputy, called, desk = duty(1, "duty"), duty(2, "approver"), duty(3, "approver", kind=DutyKind.DESK)
    found = order(deputy, called, desk, duty(4, "officer"), approvers=[1, 2, 3, 5])
    assert found == [(3, Why.APPROVER_AT_DESK), (2, Why.APPROVER_ON_CALL), (1, Why.DEPUTY), (5, Why.EVERY_APPROVER)]


def test_whoever_reads_all_its_languages_comes_before_a_nearer_one_who_does_not():
    near, far = duty(1, "approver", languages=["en"], kind=DutyKind.DESK), duty(2, "duty", languages=["en", "ar"])
    found = order(near, far, approvers=[1, 2], languages=["en", "ar-IQ"])
    assert found == [(2, Why.DEPUTY), (1, Why.APPROVER_AT_DESK)]


def test_at_the_deadline_nobody_waits_for_anybody():
    steps = review_ladder([duty(1, "approver"), duty(2, "approver")], approvers=[1, 2, 3])
    move = climb(steps, paged=[1], everybody=True)
    assert ([step.person_id for step in move.page], move.exhausted) == ([2, 3], True)


people = st.integers(1, 6)
duties = st.lists(
    st.builds(
        duty,
        people,
        st.sampled_from(["approver", "duty", "officer"]),
        languages=st.sets(st.sampled_from(["ar", "en"])),
        kind=st.sampled_from(DutyKind),
    )
)


@given(duties, st.sets(people), st.sets(people), st.sets(st.sampled_from(["ar", "en"])))
def test_each_approver_who_did_not_write_it_stands_on_the_ladder_once_in_an_order_that_holds(
    there, approvers, authors, languages
):
    found = order(*there, approvers=sorted(approvers), without=authors, languages=languages)
    assert sorted(person for person, _why in found) == sorted(approvers - authors)
    places = [_place(person, there, languages) for person, _why in found]
    assert places == sorted(places)


def _place(person, there, languages):
    """The best of a person's duties, worked out one question at a time."""
    own = [one for one in there if one.person_id == person]
    if not own:
        return (9, 9)
    return min((0 if languages <= one.languages else 1, _nearness(one)) for one in own)


def _nearness(one):
    if "approver" not in one.roles:
        return 2
    return 0 if one.kind is DutyKind.DESK else 1


# rows -----------------------------------------------------------------------------------------------------------------
def ask(due=15, authors=(), languages=("en",)):
    words = {"languages": frozenset(languages), "authors": frozenset(authors), "brief": "The dam holds."}
    return Ask(due_at=NIGHT + due * MINUTE, **words)


@pytest.fixture
def night():
    """An approver on call, a duty officer on call who may approve as well, one who sleeps, one on leave, an author."""
    people = {"first": on_call("Omar", "approver")}
    people["deputy"] = make_person("Hala", roles=["duty", "approver"])
    make_shift(people["deputy"], NIGHT - 2 * 60 * MINUTE, 10, kind="on_call", roles=["duty"])
    people["sleeps"] = make_person("Sara", roles=["approver"])
    people["away"] = on_call("Zaid", "approver")
    make_leave(people["away"], NIGHT - MINUTE)
    people["author"] = on_call("Amira", "approver", "officer")
    return people


def begin(night, claim=None, **words):
    author = night["author"]
    claim = claim or make_claim(at=NIGHT)
    return ask_for_review(claim, ask=ask(authors=[author.pk], **words), author=author, by=author, now=NIGHT)


@pytest.mark.django_db
def test_a_third_of_the_time_each_and_at_the_deadline_everybody(night):
    task = begin(night)
    assert paged() == ["Omar"]
    assert clock_looks(now=NIGHT + 4 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 5 * MINUTE) == 1
    assert paged() == ["Omar", "Hala"]
    clock_looks(now=NIGHT + 10 * MINUTE)
    task.refresh_from_db()
    assert (task.state, paged()) == ("exhausted", ["Omar", "Hala", "Sara"])
    whys = list(task.rungs.values_list("why", flat=True))
    assert whys == ["approver_on_call", "deputy", "every_approver"]


@pytest.mark.django_db
def test_with_more_people_on_watch_than_thirds_the_deadline_still_asks_everybody(night):
    for name in ("Nour", "Karim"):
        on_call(name, "approver")
    task = begin(night)
    for minutes in (5, 10, 15):
        clock_looks(now=NIGHT + minutes * MINUTE)
    task.refresh_from_db()
    assert (task.state, len(paged())) == ("exhausted", 5)
    assert task.next_try_at > NIGHT + 15 * MINUTE


@pytest.mark.django_db
def test_neither_the_author_nor_somebody_on_leave_is_asked_and_neither_may_take_it(night):
    task = begin(night)
    for minutes in (5, 10, 15, 20):
        clock_looks(now=NIGHT + minutes * MINUTE)
    assert not {"Amira", "Zaid"} & set(paged())
    with pytest.raises(TaskRefused, match="did not write them"):
        acknowledge(task, person=night["author"], now=NIGHT)
    with pytest.raises(TaskRefused, match="did not write them"):
        acknowledge(task, person=make_person("Otto", roles=["officer", "duty"]), now=NIGHT)
    with pytest.raises(TaskRefused, match="did not write them"):
        hand_over(task, to=night["author"], by=night["first"], now=NIGHT)


@pytest.mark.django_db
def test_who_takes_it_has_until_the_deadline_and_is_asked_last_when_nothing_follows(night):
    task = begin(night)
    taken = acknowledge(task, person=night["first"], now=NIGHT + 2 * MINUTE)
    assert taken.next_try_at == NIGHT + 15 * MINUTE
    assert clock_looks(now=NIGHT + 14 * MINUTE) == 0
    clock_looks(now=NIGHT + 15 * MINUTE)
    task.refresh_from_db()
    assert (task.state, task.round, paged()[-1]) == ("exhausted", 1, "Sara")


@pytest.mark.django_db
def test_what_joins_a_review_under_way_wakes_nobody_again(night):
    claim = make_claim(at=NIGHT)
    task = begin(night, claim)
    joined = begin(night, claim, due=8, languages=["ar"])
    assert (joined.pk, joined.due_at, joined.languages) == (task.pk, NIGHT + 8 * MINUTE, ["ar"])
    assert paged() == ["Omar"]


@pytest.mark.django_db
def test_what_its_reader_wrote_themselves_goes_to_somebody_else(night):
    claim, first = make_claim(at=NIGHT), night["first"]
    task = begin(night, claim)
    acknowledge(task, person=first, now=NIGHT + MINUTE)
    ask_for_review(claim, ask=ask(), author=first, by=first, now=NIGHT + 2 * MINUTE)
    task.refresh_from_db()
    assert (task.state, task.round, paged()) == ("open", 1, ["Omar", "Amira"])


@pytest.mark.django_db
def test_it_ends_with_the_last_text_and_not_before(night):
    claim = make_claim(at=NIGHT)
    task = begin(night, claim)
    left = {"reason": "approved", "by": night["first"], "now": NIGHT + MINUTE}
    assert not review_moved(claim, ask=ask(due=40), **left)
    task.refresh_from_db()
    assert (task.state, task.due_at) == ("open", NIGHT + 40 * MINUTE)
    assert review_moved(claim, ask=None, **left)
    assert clock_looks(now=NIGHT + 60 * MINUTE) == 0
    assert paged() == ["Omar"]


@pytest.mark.django_db
def test_the_review_and_the_answer_of_one_claim_are_two_tasks(night):
    claim = make_claim(at=NIGHT)
    answer = open_task(claim, by=night["author"], assignee=night["author"], now=NIGHT)
    review = begin(night, claim)
    assert selectors.standing_for(claim).pk == answer.pk
    assert selectors.review_of(claim).pk == review.pk
    touch_claim(claim, now=NIGHT + MINUTE)
    review.refresh_from_db()
    assert review.next_try_at == NIGHT + 5 * MINUTE
    assert close_for_claim(claim, reason="answered", now=NIGHT + MINUTE)
    review.refresh_from_db()
    assert review.state == "open", "the other texts of an answered claim are still read"


@pytest.mark.django_db
def test_a_claim_that_is_declined_needs_no_review(night):
    claim = make_claim(at=NIGHT)
    begin(night, claim)
    decide(claim, decision="decline", by=night["author"], now=NIGHT + MINUTE, reason="a joke")
    attend(now=NIGHT + MINUTE)
    assert Task.objects.get().state == "closed"


@pytest.mark.django_db
def test_the_page_says_what_until_when_and_the_journal_that_it_was_a_review(night):
    claim = make_claim(at=NIGHT)
    begin(night, claim)
    notice = Notice.objects.get()
    assert notice.subject.startswith("To clear before 01:55 Asia/Baghdad: The city has fallen.")
    told = ("The dam holds.", "Why you: approver on call", "/rebuttals/answer/", "in 5 min", "01:55 Asia/Baghdad")
    for words in told:
        assert words in notice.body
    told = Entry.objects.filter(claim=claim.uuid).order_by("seq")
    assert [(one.milestone, one.detail["purpose"]) for one in told] == [("tasked", "review"), ("paged", "review")]


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [3, 15, 240])
def test_however_long_the_deadline_three_are_asked_before_everybody_is(night, minutes):
    on_call("Nour", "approver")
    task = begin(night, due=minutes)
    for third in (1, 2):
        assert clock_looks(now=NIGHT + third * timedelta(minutes=minutes) / 3) == 1
    task.refresh_from_db()
    assert (task.state, len(paged())) == ("open", 3)
    clock_looks(now=NIGHT + minutes * MINUTE)
    task.refresh_from_db()
    assert task.state == "exhausted"
