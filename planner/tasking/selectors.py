"""Tasks for pages, and what the clock has to look at."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from planner.claims.core.words import ClaimState, Severity, SourceKind
from planner.claims.models import Claim, Flood
from planner.notices.core.states import NoticeState
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import holding
from planner.rosters.selectors import leaves_between, on_watch
from planner.tasking.core.ladder import Step, ladder, review_ladder
from planner.tasking.core.states import STANDING, Purpose, TaskState
from planner.tasking.models import Rung, Task

# An answer to a claim this old would meet nobody; a file of last year's claims wakes nobody.
ATTEND_WITHIN = timedelta(hours=12)
FRESH_FLOOD = timedelta(hours=2)
FLOOD_ACCOUNTS = 5
WAKING = [Severity.MEDIUM.value, Severity.HIGH.value, Severity.CRITICAL.value]
SAYS_NOTHING = [s.value for s in (ClaimState.DECLINED, ClaimState.MERGED)]  # neither answered nor reviewed
NEEDS_NO_ANSWER = [s.value for s in (ClaimState.ANSWERED, ClaimState.DECLINED, ClaimState.WATCHED, ClaimState.MERGED)]


def steps(task: Task, *, now: datetime) -> list[Step]:
    """The ladder of a task as the roster has it at this instant, those who are asked together at its end.

    Where a role was asked for, only who acts in it is climbed to; with nobody left, everybody who holds it is told.
    """
    fell_silent = [task.assignee_id] if task.assignee_id else []
    if task.is_review:
        return review_ladder(
            on_watch(now),
            languages=task.languages,
            approvers=approvers_there(now),
            without=task.barred,
            deferred=fell_silent,
        )
    asks = task.wanted_by_id if task.wanted else task.opened_by_id
    last: list[int] = []
    for role in filter(None, (task.wanted, Role.MANAGER.value)):
        last += holding(Role(role)).order_by("pk").values_list("pk", flat=True)
    return ladder(
        on_watch(now),
        language=task.claim.language,
        off_hours=task.off_hours,
        wanted=task.wanted,
        managers=last,
        without=[asks] if asks else [],
        deferred=fell_silent,
    )


def approvers_there(now: datetime) -> list[int]:
    """Everybody who may clear words and is not on leave at this instant."""
    away = leaves_between(now, now).values("person")
    return list(holding(Role.APPROVER).exclude(pk__in=away).order_by("pk").values_list("pk", flat=True))


def due(now: datetime) -> QuerySet[Task]:
    """Standing tasks whose next step is due: `leases.take` looks at `next_try_at` and the lease."""
    return Task.objects.filter(state__in=STANDING, next_try_at__lte=now)


def standing() -> QuerySet[Task]:
    """Tasks that are not closed, those that nobody has taken first, then the oldest."""
    found = Task.objects.filter(state__in=STANDING).select_related(
        "claim", "claim__narrative", "assignee", "opened_by", "wanted_by"
    )
    return found.prefetch_related("rungs__person", "rungs__notice").order_by("acknowledged_at", "opened_at")


def standing_for(claim: Claim) -> Task | None:
    """The task to answer the claim, while there is one."""
    return standing().filter(claim=claim, purpose=Purpose.ANSWER.value).first()


def reviews() -> QuerySet[Task]:
    """Reviews that wait, the earliest deadline first."""
    return standing().filter(purpose=Purpose.REVIEW.value).order_by("due_at")


def review_of(claim: Claim) -> Task | None:
    """The review of the words that answer the claim, while some wait."""
    return reviews().filter(claim=claim).first()


def exhausted() -> QuerySet[Task]:
    """Tasks of which nobody on watch answered the page: what turns the board red."""
    return standing().filter(state=TaskState.EXHAUSTED.value)


def of(person: User) -> QuerySet[Task]:
    """A person's own tasks: those they took, and those for which they are paged in this round."""
    paged = Rung.objects.filter(person=person).values("task_id")
    taken = Q(state=TaskState.ACKNOWLEDGED.value, assignee=person)
    return standing().filter(taken | Q(state__in=[TaskState.OPEN.value, TaskState.EXHAUSTED.value], pk__in=paged))


def recently_closed(since: datetime) -> QuerySet[Task]:
    """Tasks closed since then, newest first."""
    closed = Task.objects.filter(state=TaskState.CLOSED.value, closed_at__gte=since)
    return closed.select_related("claim", "assignee").order_by("-closed_at")


def undelivered() -> QuerySet[Task]:
    """Open tasks whose latest page certainly reached nobody: their ladder need not wait."""
    lost = Rung.objects.filter(notice__state=NoticeState.FAILED.value, task__state=TaskState.OPEN.value)
    latest = [rung.task_id for rung in lost.select_related("task") if (rung.round, rung.position) == at_rung(rung.task)]
    return Task.objects.filter(pk__in=latest)


def at_rung(task: Task) -> tuple[int, int]:
    """Where the ladder of a task stands: round and rung."""
    return task.round, task.rung


def unattended_claims(now: datetime) -> QuerySet[Claim]:
    """Fresh claims of some weight that nobody has read and for which nobody was ever asked, worst first."""
    fresh = Claim.objects.filter(state=ClaimState.UNREAD.value, severity__in=WAKING, tasks=None)
    return fresh.filter(broke_latest__gt=now - ATTEND_WITHIN, broke_earliest__lte=now).order_by("broke_earliest")


def unread_floods(now: datetime) -> QuerySet[Flood]:
    """Fresh floods of adversary sources that are not a claim yet, largest first."""
    loud = Flood.objects.filter(claim=None, accounts__gte=FLOOD_ACCOUNTS, started_at__lte=now)
    fresh = loud.filter(started_at__gt=now - FRESH_FLOOD, sightings__source__kind=SourceKind.ADVERSARY.value)
    return fresh.distinct().order_by("-accounts", "started_at")


def no_longer_needed() -> QuerySet[Task]:
    """Standing tasks whose claim was answered, declined, merged, or is only watched.

    The other texts of an answered claim may still be reviewed.
    """
    answers = Q(purpose=Purpose.ANSWER.value, claim__state__in=NEEDS_NO_ANSWER)
    return Task.objects.filter(answers | Q(claim__state__in=SAYS_NOTHING), state__in=STANDING)


def is_needed(task: Task) -> bool:
    """Whether the claim of a task still wants what the task asks for."""
    return task.claim.state not in (SAYS_NOTHING if task.is_review else NEEDS_NO_ANSWER)
