"""A duty from the first page to the last: who is paged, who took it, what happens when nobody does."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from planner.claims.core.words import Decision
from planner.claims.models import Claim
from planner.claims.services import ClaimRefused, decide, mark_answered
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.people.models import User
from planner.tasking.dispatch import hand_over as clock_looks
from planner.tasking.models import Task
from planner.tasking.services import (
    TaskRefused,
    acknowledge,
    climb,
    close_for_claim,
    hand_over,
    open_task,
    touch,
    touch_claim,
)
from tests.factories import make_claim, make_leave, make_person, make_shift

NIGHT = datetime(2014, 6, 9, 22, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def on_call(name, *roles, languages=("en",), kind="on_call"):
    person = make_person(name, roles=list(roles), languages=list(languages))
    make_shift(person, NIGHT - timedelta(hours=2), 10, kind=kind)
    return person


def story(claim):
    """The milestones of a claim from its task on, and whom they name."""
    entries = Entry.objects.filter(claim=claim.uuid, subject__startswith="task:").order_by("seq")
    return [(entry.milestone, entry.detail.get("person", entry.actor)) for entry in entries]


def paged():
    return [notice.person.first_name for notice in Notice.objects.select_related("person").order_by("pk")]


@pytest.mark.django_db
def test_a_night_in_which_the_second_person_answers():
    layla = on_call("Layla Hasan", "duty", languages=["ar"])
    on_call("Tom Baker", "approver")
    claim = make_claim(at=NIGHT, language="ar")
    task = open_task(claim, now=NIGHT, off_hours=True)

    assert (task.state, paged()) == ("open", ["Layla"])
    assert clock_looks(now=NIGHT + 9 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 10 * MINUTE) == 1
    assert paged() == ["Layla", "Tom"]

    tom = User.objects.get(first_name="Tom")
    taken = acknowledge(task, person=tom, now=NIGHT + 12 * MINUTE)

    assert (taken.state, taken.assignee, taken.acknowledged_at) == ("acknowledged", tom, NIGHT + 12 * MINUTE)
    assert clock_looks(now=NIGHT + 30 * MINUTE) == 0
    assert story(claim) == [
        ("tasked", "clock"),
        ("paged", layla.username),
        ("paged", tom.username),
        ("climbed", "clock"),
        ("acknowledged", tom.username),
    ]


@pytest.mark.django_db
def test_a_ladder_that_nobody_answers_ends_red_and_every_manager_is_told():
    on_call("Layla Hasan", "duty")
    on_call("Tom Baker", "officer")
    for name in ("Mona", "Max"):
        make_person(name, roles=["manager"])
    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    for step in (1, 2):
        clock_looks(now=NIGHT + step * 10 * MINUTE)

    task.refresh_from_db()
    assert task.state == "exhausted"
    assert sorted(paged()) == ["Layla", "Max", "Mona", "Tom"]
    assert "You are the last resort" in Notice.objects.get(person__first_name="Mona").body
    assert Entry.objects.get(milestone="exhausted").detail == {"paged": 2, "last_resort": 2}
    mona = User.objects.get(first_name="Mona")
    assert acknowledge(task, person=mona, now=NIGHT + 21 * MINUTE).state == "acknowledged"


@pytest.mark.django_db
def test_with_nobody_on_call_the_task_is_red_at_once_and_managers_are_paged():
    make_person("Mona", roles=["manager"])

    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert (task.state, paged()) == ("exhausted", ["Mona"])


@pytest.mark.django_db
def test_who_comes_on_watch_later_is_paged_for_what_is_still_red():
    make_person("Mona", roles=["manager"])
    late = make_person("Layla", roles=["duty"])
    make_shift(late, NIGHT + 15 * MINUTE, 8, kind="on_call")
    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    for minutes in (10, 20, 30, 40):
        clock_looks(now=NIGHT + minutes * MINUTE)

    task.refresh_from_db()
    assert (task.state, paged()) == ("exhausted", ["Mona", "Layla"])


@pytest.mark.django_db
def test_somebody_on_leave_is_not_woken():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    make_leave(layla, NIGHT - MINUTE)

    open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert paged() == ["Tom"]


@pytest.mark.django_db
def test_a_person_whom_no_message_reaches_is_not_waited_for():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    layla.contact_points.all().delete()
    User.objects.filter(pk=layla.pk).update(email="")
    open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert clock_looks(now=NIGHT + timedelta(seconds=5)) == 1

    assert paged() == ["Layla", "Tom"]
    assert clock_looks(now=NIGHT + timedelta(seconds=10)) == 0


@pytest.mark.django_db
def test_taken_and_then_nothing_followed_begins_the_ladder_anew_with_that_person_last():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT + MINUTE)

    assert clock_looks(now=NIGHT + 60 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 61 * MINUTE) == 1

    task.refresh_from_db()
    assert (task.state, task.round, paged()) == ("open", 1, ["Layla", "Tom"])
    clock_looks(now=NIGHT + 71 * MINUTE)
    assert paged() == ["Layla", "Tom", "Layla"]
    assert ("reopened", "clock") in story(claim)


@pytest.mark.django_db
def test_work_on_the_answer_keeps_a_task_with_its_person():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT)

    touch(task, now=NIGHT + 50 * MINUTE)
    assert clock_looks(now=NIGHT + 100 * MINUTE) == 0
    assert touch_claim(claim, now=NIGHT + 100 * MINUTE, until=NIGHT + 300 * MINUTE), "a post is due at dawn"
    assert clock_looks(now=NIGHT + 359 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 360 * MINUTE) == 1


@pytest.mark.django_db
def test_an_answered_claim_closes_its_task_and_nobody_is_paged_for_it():
    on_call("Layla", "duty")
    on_call("Tom", "officer")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    mark_answered(claim, at=NIGHT + MINUTE, now=NIGHT + MINUTE)

    clock_looks(now=NIGHT + 10 * MINUTE)

    task.refresh_from_db()
    assert (task.state, task.closed_at, task.closed_reason) == ("closed", NIGHT + 10 * MINUTE, "answered")
    assert paged() == ["Layla"]


@pytest.mark.django_db
def test_closing_says_why_and_a_closed_task_stays_closed():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT)

    assert close_for_claim(claim, reason="published on the ministry's channel", now=NIGHT + MINUTE)
    assert not close_for_claim(claim, reason="again", now=NIGHT + 2 * MINUTE)
    with pytest.raises(
        TaskRefused, match=r"This was closed at 01:41 Asia/Baghdad: published on the ministry's channel\."
    ):
        acknowledge(task, person=layla, now=NIGHT + 3 * MINUTE)
    assert not climb(task.pk, now=NIGHT + 60 * MINUTE)


@pytest.mark.django_db
def test_the_second_to_answer_is_told_who_has_it_since_when():
    layla, tom = on_call("Layla Hasan", "duty"), on_call("Tom", "officer")
    task = open_task(make_claim(at=NIGHT), now=NIGHT)
    acknowledge(task, person=layla, now=NIGHT + 2 * MINUTE)

    with pytest.raises(TaskRefused, match=r"Layla Hasan took this at 01:42 Asia/Baghdad\."):
        acknowledge(task, person=tom, now=NIGHT + 3 * MINUTE)
    acknowledge(task, person=layla, now=NIGHT + 4 * MINUTE)

    assert Entry.objects.filter(milestone="acknowledged").count() == 1, "twice by the same person is once"


@pytest.mark.django_db
def test_the_clock_leaves_a_claim_unread_and_the_person_who_takes_it_takes_it_up():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    claim.refresh_from_db()

    assert claim.state == "unread", "nobody has judged it yet"
    acknowledge(task, person=layla, now=NIGHT + MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("taken_up", layla)


@pytest.mark.django_db
def test_an_officer_who_answers_by_day_has_the_task_and_nobody_is_paged():
    on_call("Layla", "duty")
    tom = make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)

    task = open_task(claim, by=tom, assignee=tom, now=NIGHT)

    claim.refresh_from_db()
    assert (task.state, task.assignee, claim.state, paged()) == ("acknowledged", tom, "taken_up", [])


@pytest.mark.django_db
def test_an_analyst_by_day_asks_the_desk_before_anybody_is_called_at_home():
    on_call("Layla", "duty")
    ana = on_call("Ana", "analyst", "officer", kind="desk")
    on_call("Tom", "officer", kind="desk")

    open_task(make_claim(at=NIGHT), by=ana, now=NIGHT)

    assert paged() == ["Tom"]


@pytest.mark.django_db
def test_a_task_for_somebody_else_must_be_taken_by_them():
    ana, tom = make_person("Ana", roles=["analyst"]), make_person("Tom", roles=["officer"])

    task = open_task(make_claim(at=NIGHT), by=ana, assignee=tom, now=NIGHT)

    assert (task.state, paged(), task.next_try_at) == ("open", ["Tom"], NIGHT + 10 * MINUTE)


@pytest.mark.django_db
def test_handing_over_pages_the_colleague_and_climbs_when_they_do_not_answer():
    layla, tom = on_call("Layla", "duty"), make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT)

    handed = hand_over(task, to=tom, by=layla, now=NIGHT + 5 * MINUTE)

    assert (handed.state, paged()) == ("open", ["Layla", "Tom"])
    clock_looks(now=NIGHT + 15 * MINUTE)
    assert paged() == ["Layla", "Tom", "Layla"], "she is still the one on call"
    assert Entry.objects.get(milestone="reopened").detail == {"reason": "handed over", "to": tom.username}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "said"), [(["auditor"], "holds no role that may take a task"), ([], "holds no role")]
)
def test_a_task_goes_only_to_somebody_who_can_work_on_it(roles, said):
    layla, other = on_call("Layla", "duty"), make_person("Otto", roles=roles)
    task = open_task(make_claim(at=NIGHT), now=NIGHT)

    with pytest.raises(TaskRefused, match=said):
        acknowledge(task, person=other, now=NIGHT)
    with pytest.raises(TaskRefused, match=said):
        hand_over(task, to=other, by=layla, now=NIGHT)


@pytest.mark.django_db
def test_one_claim_has_one_standing_task_and_may_have_another_after_it_closed():
    on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    first = open_task(claim, now=NIGHT)

    assert open_task(claim, now=NIGHT + MINUTE) == first
    close_for_claim(claim, reason="mistaken", now=NIGHT + MINUTE)
    assert open_task(claim, now=NIGHT + 2 * MINUTE) != first


@pytest.mark.django_db
def test_a_claim_that_needs_no_answer_gets_no_task():
    officer = make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)
    decide(claim, decision=Decision.DECLINE, by=officer, reason="a rumour of ten people", now=NIGHT)

    with pytest.raises(TaskRefused, match="needs no answer"):
        open_task(claim, now=NIGHT)
    mark_answered(claim, at=NIGHT, now=NIGHT)
    with pytest.raises(ClaimRefused, match="answered already"):
        open_task(claim, by=officer, now=NIGHT)


@pytest.mark.django_db
def test_one_task_that_fails_keeps_no_other_waiting():
    on_call("Layla", "duty")
    on_call("Tom", "officer")
    poison = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)
    open_task(make_claim("Another", at=NIGHT), now=NIGHT, off_hours=True)
    Task.objects.filter(pk=poison.pk).update(round=32_767)
    Task.objects.filter(pk=poison.pk).update(state="acknowledged", assignee=User.objects.first(), acknowledged_at=NIGHT)

    assert clock_looks(now=NIGHT + 10 * MINUTE) == 1

    poison.refresh_from_db()
    assert "smallint out of range" in poison.last_error
    assert poison.next_try_at == NIGHT + 10 * MINUTE + timedelta(seconds=15)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_person", [False, True])
def test_of_two_who_open_at_the_same_moment_both_get_the_one_task(by_person):
    on_call("Layla", "duty")
    officer = make_person("Tom", roles=["officer"])
    claim, start, opened, errors = make_claim(at=NIGHT), threading.Barrier(4), [], []

    def open_it(number):
        start.wait()
        try:
            by = officer if by_person and number % 2 else None
            opened.append(open_task(claim, by=by, now=NIGHT, off_hours=True).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert Task.objects.count() == 1
    assert opened == [Task.objects.get().pk] * 4
    assert paged() == ["Layla"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_the_same_moment_one_has_it():
    people = [on_call("Layla", "duty"), on_call("Tom", "officer")]
    task, start, outcomes = open_task(make_claim(at=NIGHT), now=NIGHT), threading.Barrier(3), []

    def run(act):
        start.wait()
        try:
            act()
            outcomes.append("done")
        except TaskRefused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    def take(person):
        return lambda: acknowledge(task, person=person, now=NIGHT + 10 * MINUTE)

    acts = [take(people[0]), take(people[1]), lambda: climb(task.pk, now=NIGHT + 10 * MINUTE)]
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome == "done" for outcome in outcomes) == [False, True, True]
    assert Entry.objects.filter(milestone="acknowledged").count() == 1
    assert Task.objects.get().state == "acknowledged"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "kept_by"),
    [
        ("state = 'asleep'", "task_state_known"),
        ("state = 'acknowledged'", "task_acknowledged_by_somebody"),
        ("state = 'closed'", "task_closed_has_a_time"),
        ("closed_at = now()", "task_closed_has_a_time"),
    ],
)
def test_the_database_refuses_a_task_that_makes_no_sense(change, kept_by):
    make_person("Mona", roles=["manager"])
    open_task(make_claim(at=NIGHT), now=NIGHT)

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE tasking_task SET {change}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "columns", "kept_by"),
    [
        (
            "tasking_task",
            "claim_id, state, round, rung, opened_at, off_hours, closed_reason",
            "one_standing_task_per_claim",
        ),
        ("tasking_rung", "task_id, round, person_id, why", "rung_person_once"),
        ("tasking_rung", "task_id, round, position, why", "rung_position_once"),
    ],
)
def test_the_database_refuses_a_second_of_what_there_is_one_of(table, columns, kept_by):
    person, other = on_call("Layla", "duty"), make_person("Otto")
    open_task(make_claim(at=NIGHT), now=NIGHT)
    extra = {"rung_person_once": ("position", 7), "rung_position_once": ("person_id", other.pk)}.get(kept_by)
    names, values = (f", {extra[0]}", f", {extra[1]}") if extra else (", uuid, leased_by, attempts, last_error",) * 2
    values = values.replace("uuid,", "gen_random_uuid(),")

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}{names}) SELECT {columns}{values} FROM {table}")
    assert person.rungs


@pytest.mark.django_db
def test_a_page_says_what_since_when_why_and_what_comes_next():
    on_call("Layla", "duty")
    claim = make_claim("Mosul has fallen. " * 20, at=NIGHT, severity="high")

    open_task(Claim.objects.get(pk=claim.pk), now=NIGHT, off_hours=True)

    notice = Notice.objects.get()
    assert notice.subject.startswith("High: Mosul has fallen.")
    assert notice.subject.endswith("… (broke 01:40 Asia/Baghdad)")
    for words in ("Broke: Tue 10 Jun 01:40 Asia/Baghdad", "Why you: duty officer on call", "/tasks/answer/", "10 min"):
        assert words in notice.body
