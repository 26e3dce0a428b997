"""Page the next people on the ladder, and say so in the journal."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planner.claims.models import SEVERITY_WORDS
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.notices.services import send_notice
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.tasking import selectors
from planner.tasking.core.ladder import Step, Why
from planner.tasking.core.ladder import climb as next_move
from planner.tasking.core.states import TaskState
from planner.tasking.models import WHY_WORDS, Rung, Task
from planner.tasking.services.links import link
from planner.wallclock import zone as zone_named

SUBJECT_LENGTH = 90
PEOPLE_BEFORE_THE_DEADLINE = 3  # who are asked one after the other before everybody is
SHORTEST = timedelta(minutes=1)


def wait(step: str) -> timedelta:
    """How long a step may take: "ladder" until the next person is paged, "follow_up" until words must have followed."""
    return timedelta(seconds=settings.PLANNER_STEP_SECONDS[step])


def patience(task: Task) -> timedelta:
    """How long whoever was paged last may stay silent; of a review, a third of the time that it has in all."""
    if task.due_at is None:
        return wait("ladder")
    return max((task.due_at - task.opened_at) / PEOPLE_BEFORE_THE_DEADLINE, SHORTEST)


def page_next(task: Task, *, now: datetime) -> None:
    """Page whoever is next in this round. The caller holds the task's row, and saves nothing of it afterwards.

    When everybody on watch was paged, or nobody is on watch, all people of last resort are told at once and the task
    is EXHAUSTED: red on the board until somebody takes it. Whoever comes on watch later is still paged. At the deadline
    of a review everybody who may clear its words is told at once.
    """
    paged = set(task.rungs.filter(round=task.round).values_list("person_id", flat=True))
    is_over = task.due_at is not None and task.due_at <= now
    move = next_move(selectors.steps(task, now=now), paged=paged, everybody=is_over)
    was_exhausted = task.state == TaskState.EXHAUSTED
    climbs = task.rung >= 0 and bool(move.page)
    for step in move.page:
        page(task, step, now=now)
    task.state = (TaskState.EXHAUSTED if move.exhausted or was_exhausted else TaskState.OPEN).value
    task.next_try_at = now + patience(task)
    if task.due_at is not None and not is_over:
        task.next_try_at = min(task.next_try_at, task.due_at)
    save(task)
    if climbs and not move.exhausted:
        tell(task, Milestone.CLIMBED, now=now, rung=task.rung)
    if move.exhausted and not was_exhausted:
        tell(task, Milestone.EXHAUSTED, now=now, paged=len(paged), last_resort=len(move.page))


def page(task: Task, step: Step, *, now: datetime) -> Rung:
    """Put one person on the next rung and send them the message with their link."""
    task.rung += 1
    rung = Rung(task=task, round=task.round, position=task.rung, person_id=step.person_id, why=step.why, paged_at=now)
    rung.notice = send_notice(
        key=f"page:{task.uuid}:{rung.round}:{rung.position}",
        person=rung.person,
        subject=subject(task, rung.person),
        body=body(task, rung, now=now),
        now=now,
    )
    rung.save(force_insert=True)
    detail: dict[str, Any] = {
        "person": rung.person.username,
        "why": step.why.value,
        "round": rung.round,
        "rung": rung.position,
    }
    tell(task, Milestone.PAGED, now=now, **detail)
    return rung


def save(task: Task) -> None:
    """Keep what a step changed, and end the lease under which it was taken."""
    task.leased_until, task.leased_by, task.attempts, task.last_error = None, "", 0, ""
    task.save()


def tell(task: Task, milestone: Milestone, *, now: datetime, by: User | None = None, **detail: Any) -> None:
    """Stamp what happened to a task in its claim's story."""
    actor = by.username if by else "clock"
    if task.is_review:
        detail["purpose"] = task.purpose
    stamp(milestone=milestone, at=now, claim=task.claim.uuid, subject=f"task:{task.uuid}", actor=actor, **detail)


def tell_taken(task: Task, *, asked: User, taken: User, now: datetime) -> None:
    """Who asked for somebody learns that they are awake."""
    words = {"person": taken, "words": task.claim.text[:SUBJECT_LENGTH], "time": _clock(now, asked.zone)}
    send_notice(
        key=f"taken:{task.uuid}:{task.round}:{asked.pk}",
        person=asked,
        subject=_("%(person)s took it: %(words)s") % words,
        body=_("%(person)s, for whom you asked, took the task at %(time)s.") % words,
        now=now,
    )


def subject(task: Task, person: User) -> str:
    """As "High: Mosul has fallen … (broke 22:31 Asia/Baghdad)": enough to decide with one eye open."""
    words = task.claim.text if len(task.claim.text) <= SUBJECT_LENGTH else f"{task.claim.text[:SUBJECT_LENGTH]}…"
    severity = str(SEVERITY_WORDS[task.claim.severity]).capitalize()
    told = {"severity": severity, "words": words, "time": _clock(task.claim.broke_earliest, person.zone)}
    if task.wanted:
        return _("%(role)s needed: %(words)s (broke %(time)s)") % {**told, "role": _role(task)}
    if task.due_at is not None:
        told["time"] = _clock(task.due_at, person.zone)
        return _("To clear before %(time)s: %(words)s") % told
    return _("%(severity)s: %(words)s (broke %(time)s)") % told


def body(task: Task, rung: Rung, *, now: datetime) -> str:
    """The message: what is claimed, since when, why you, one link, and what happens when nobody answers."""
    if task.is_review:
        return _review_body(task, rung)
    claim, person = task.claim, rung.person
    theatre = settings.PLANNER_ZONE
    times = [_clock(claim.broke_earliest, zone, day=True) for zone in dict.fromkeys([person.zone, theatre])]
    minutes = int(wait("ladder").total_seconds() // 60)
    lines = [
        claim.text,
        "",
        _("Broke: %(times)s") % {"times": " · ".join(times)},
        _("Severity: %(severity)s") % {"severity": SEVERITY_WORDS[claim.severity]},
        _("Why you: %(why)s") % {"why": WHY_WORDS[Why(rung.why)]},
        "",
        _("Open this and press “I take it” (no sign-in needed, good for a day):"),
        link(rung),
        "",
        _("Opening the link changes nothing yet. Without an answer in %(minutes)d min the next person is paged.")
        % {"minutes": minutes},
    ]
    if task.wanted:
        asked = {"person": task.wanted_by, "role": ROLE_WORDS[Role(task.wanted)], "why": task.wanted_why}
        lines[1:1] = ["", _("%(person)s needs you as %(role)s: %(why)s") % asked]
    if rung.why == Why.LAST_RESORT:
        lines[-1] = _("Nobody on watch answered, or nobody is on watch. You are the last resort: please find somebody.")
    return "\n".join(lines)


def _role(task: Task) -> str:
    return str(ROLE_WORDS[Role(task.wanted)]).capitalize()


def _review_body(task: Task, rung: Rung) -> str:
    """The words that wait, until when, why you, one link, and what happens when nobody decides."""
    zones = dict.fromkeys([rung.person.zone, settings.PLANNER_ZONE])
    due = " · ".join(_clock(task.due_at, zone, day=True) for zone in zones) if task.due_at else ""
    then = _("Without an answer the next approver is paged in %(minutes)d min; at the deadline everybody is.") % {
        "minutes": max(1, round(patience(task) / timedelta(minutes=1)))
    }
    if rung.why == Why.EVERY_APPROVER:
        then = _("Nobody on watch decided, or nobody is on watch: every approver is asked now.")
    lines = [
        task.brief,
        "",
        _("They answer: %(claim)s") % {"claim": task.claim.text},
        _("To be decided before: %(due)s") % {"due": due},
        _("Why you: %(why)s") % {"why": WHY_WORDS[Why(rung.why)]},
        "",
        _("Read, approve or refuse here:"),
        link(rung),
        "",
        then,
    ]
    return "\n".join(lines)


def _clock(instant: datetime, zone: str, *, day: bool = False) -> str:
    try:
        wall = instant.astimezone(zone_named(zone))
    except ValueError:  # a page must leave the house, whatever stands in an account
        zone = settings.PLANNER_ZONE
        wall = instant.astimezone(zone_named(zone))
    return f"{date_format(wall, 'D j M H:i' if day else 'H:i')} {zone}"
