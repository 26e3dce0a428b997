"""Two at the same moment, and what the database refuses, whoever asks."""

import threading

import pytest
from django.db import IntegrityError, connection

from planner.claims.models import Claim
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.tasking.models import Task
from planner.tasking.services import (
    TaskRefused,
    acknowledge,
    climb,
    open_task,
)
from tests.factories import make_claim, make_person
from tests.tasking.nights import MINUTE, NIGHT, on_call, paged


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
        ("purpose = 'gossip'", "task_purpose_known_and_a_review_has_a_deadline"),
        ("purpose = 'review'", "task_purpose_known_and_a_review_has_a_deadline"),
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
            "claim_id, purpose, languages, barred, brief, state, round, rung, opened_at, off_hours, closed_reason",
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
