"""Ask for a plan, work it out, accept what it proposes, take that back."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.coverage.core.loss import expected_claims
from planner.coverage.selectors import requirements
from planner.leases.services import notify_due
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.planning import asking
from planner.planning.core import extras, verifier
from planner.planning.core.choosing import Effort
from planner.planning.core.frontier import Point, frontier
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Problem, Solution
from planner.planning.core.shares import shares
from planner.planning.core.solver import solve
from planner.planning.models import Plan, Proposal
from planner.planning.selectors import storylines
from planner.planning.words import PART_WORDS
from planner.rosters import acts
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Act, Team
from planner.rosters.planned import Planned, add_shifts
from planner.rosters.services import ensure_team
from planner.spans import Span
from planner.tempo import calendars

LONGEST_DAYS, LARGEST_HOURS = 28, 2000
SOLVING_LEASE = timedelta(seconds=150)  # longer than the time limit of the task
MOST_ATTEMPTS = 3
LEAST_OF_A_LINE = 0.01  # audiences; what avoids less is not proposed
MOST_STRETCHES = 3  # of a cleared line, the best ones
EFFORT, CURVE_EFFORT = Effort(seconds=20), Effort(seconds=2)
MAY_BE_SOLVED = [Plan.State.WAITING, Plan.State.QUEUED, Plan.State.SOLVING]


class PlanRefused(Refused):
    """The plan cannot be made or accepted like this; the text says why."""


@transaction.atomic
def ask(*, days: int, hours: float, now: datetime, by: User | None = None) -> Plan:
    """Ask for a plan of so many days from the next half-hour on, within so many paid hours. Raises PlanRefused."""
    if not 1 <= days <= LONGEST_DAYS:
        raise PlanRefused(_("A plan is for 1 to %(most)s days, not %(days)s.") % {"most": LONGEST_DAYS, "days": days})
    if not 0 <= hours <= LARGEST_HOURS:
        raise PlanRefused(_("Paid hours are 0 to %(most)s, not %(hours)g.") % {"most": LARGEST_HOURS, "hours": hours})
    start = asking.first_step(now)
    plan = Plan.objects.create(
        asked_by=by,
        asked_at=now,
        during=DateTimeTZRange(start, start + timedelta(days=days)),
        budget=round(hours * 60),
        policy=asdict(asking.policy()),
    )
    notify_due()
    return plan


def work_out(plan_id: int, *, now: datetime) -> Plan | None:
    """Solve a plan that waits; None when it does not wait any more or another hand has it."""
    me = f"hand-{uuid4().hex[:12]}"
    with transaction.atomic():
        plan = Plan.objects.select_for_update(no_key=True).filter(pk=plan_id, state__in=MAY_BE_SOLVED).first()
        if plan is None or (plan.state == Plan.State.SOLVING and plan.leased_until and plan.leased_until > now):
            return None
        plan.state, plan.leased_by, plan.leased_until = Plan.State.SOLVING, me, now + SOLVING_LEASE
        plan.save(update_fields=["state", "leased_by", "leased_until"])
    try:
        problem, solution = _solved(plan, now)
    except PlanRefused as refused:
        _fail(plan, str(refused), now)
        return plan
    return write_down(plan, problem, solution, by=me, now=now)


def _solved(plan: Plan, now: datetime) -> tuple[Problem, Solution]:
    problem = asking.question(plan.during.lower, plan.during.upper, plan.budget, now, Policy(**plan.policy))
    solution = solve(problem, EFFORT)
    faults = verifier.check(problem, solution.proposals, solution.loss_after)
    if faults:  # never shown: the second opinion does not agree
        found = "; ".join(f"{fault.rule}: {fault.found}" for fault in faults[:3])
        raise PlanRefused(_("The plan did not stand up to its check and is not shown: %(found)s.") % {"found": found})
    return problem, solution


def write_down(plan: Plan, problem: Problem, solution: Solution, *, by: str, now: datetime) -> Plan | None:
    """Keep the answer, its frontier, and what else would help; None when another hand was quicker."""
    hours = problem.budget / 60
    known = Point(hours, solution.loss_after, solution.bound)
    curve = frontier(problem, solution.loss_before, known, solution.proposals, CURVE_EFFORT) if hours else []
    shared, lines = shares(problem, solution.proposals), _lines(problem, solution, now)
    with transaction.atomic():
        kept = Plan.objects.select_for_update().get(pk=plan.pk)
        if kept.leased_by != by or kept.state != Plan.State.SOLVING:
            return None
        kept.state, kept.finished_at, kept.seconds = Plan.State.READY, now, solution.seconds
        kept.loss_before, kept.loss_after, kept.bound = solution.loss_before, solution.loss_after, solution.bound
        kept.basis, kept.leased_until, kept.leased_by = asking.basis(problem), None, ""
        kept.frontier = [[point.hours, point.loss, point.bound] for point in curve]
        kept.lines, kept.slots, kept.notes = lines, _slots(problem, solution), _notes(problem, now)
        kept.save()
        Proposal.objects.bulk_create(
            Proposal(
                plan=kept,
                person_id=one.person_id,
                kind=one.kind.value,
                during=DateTimeTZRange(one.span.start, one.span.end),
                paid=one.paid(problem.policy),
                avoids=share.avoids,
                expected=share.expected,
            )
            for one, share in zip(solution.proposals, shared, strict=True)
        )
    return kept


def _lines(problem: Problem, solution: Solution, now: datetime) -> list[dict[str, object]]:
    """Storyline × hours: what a line for each would avoid by its own forecast, and in which stretches; most first."""
    found: list[tuple[float, dict[str, object]]] = []
    for uuid, name, language in storylines(now):
        theirs = replace(problem, hours=calendars.forecast(problem.start, problem.end, now, narrative=name).hours)
        uses = extras.line_uses(theirs, solution.proposals, language)
        avoids = sum(use.avoids for use in uses)
        best = sorted(sorted(uses, key=lambda use: -use.avoids)[:MOST_STRETCHES], key=lambda use: use.span)
        if avoids >= LEAST_OF_A_LINE:
            hours = [
                {"start": use.span.start.isoformat(), "end": use.span.end.isoformat(), "avoids": use.avoids}
                for use in best
            ]
            expected = expected_claims([Span(problem.start, problem.end)], theirs.hours)
            words = {"narrative": str(uuid), "name": name, "language": language}
            found.append((avoids, {**words, "avoids": avoids, "expected": expected, "hours": hours}))
    return [line for _avoids, line in sorted(found, key=lambda one: -one[0])]


def _notes(problem: Problem, now: datetime) -> list[str]:
    """What the plan leans on, or lacks, that its reader must know."""
    _asked, assumed = requirements()
    notes = [_("No requirement is set: every link, one person, always.")] if assumed else []
    if not problem.watch.channels():
        notes.append(_("No channel works in these days: no duty helps before one is registered."))
    return [*notes, *calendars.forecast(problem.start, problem.end, now).notes]


def _slots(problem: Problem, solution: Solution) -> list[dict[str, object]]:
    return [
        {
            "at": one.at.isoformat(),
            "start": one.silence.span.start.isoformat(),
            "end": one.silence.span.end.isoformat(),
            "claims": one.claims,
            "loss": one.silence.loss,
            "avoids": one.avoids,
        }
        for one in extras.post_slots(problem, solution.proposals, asking.audience(), problem.assumptions.half_life)
    ]


def _fail(plan: Plan, error: str, now: datetime) -> None:
    plan.state, plan.last_error, plan.finished_at = Plan.State.FAILED, error, now
    plan.leased_until, plan.leased_by = None, ""
    plan.save(update_fields=["state", "last_error", "finished_at", "leased_until", "leased_by"])


def give_up(*, now: datetime) -> int:
    """Plans whose hands died again and again are failed, with the reason. How many."""
    lost = Plan.objects.filter(state__in=MAY_BE_SOLVED, attempts__gte=MOST_ATTEMPTS, leased_until__lte=now)
    words = _("The work was begun three times and never came to an end: ask for fewer days or fewer hours.")
    return lost.update(state=Plan.State.FAILED, last_error=words, finished_at=now, leased_until=None)


def stale(plan: Plan, now: datetime) -> list[str]:
    """The parts of what the plan was computed from that have changed since; none: it may be accepted."""
    problem = asking.question(plan.during.lower, plan.during.upper, plan.budget, now)
    return asking.changed(plan.basis, asking.basis(problem))


@transaction.atomic
def accept(
    plan: Plan, *, now: datetime, by: User | None, only: UUID | None = None
) -> tuple[list[Proposal], Act | None]:
    """Put the proposals (or one of them) on the roster, as one act that can be undone.

    Raises PlanRefused when the plan is not ready, out of date (with what changed), or nothing is left to accept; and
    RosterRefused with the reason when the roster cannot take it. Nothing stands then.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != Plan.State.READY:
        raise PlanRefused(_("The plan is not ready."))
    if parts := stale(plan, now):
        what = ", ".join(str(PART_WORDS[part]) for part in parts)
        raise PlanRefused(
            _("This plan is out of date, for what it was computed from has changed: %(what)s. Plan again.")
            % {"what": what}
        )
    open_ones = plan.proposals.select_for_update(of=("self",)).filter(accepted_at=None).select_related("person")
    chosen = [one for one in open_ones if only in (None, one.uuid)]
    if not chosen:
        raise PlanRefused(_("Nothing of this plan is left to accept."))
    if any(one.during.lower < now for one in chosen):
        raise PlanRefused(_("A duty of this plan has begun already. Plan again."))
    act = _put_on_roster(plan, chosen, now, by)
    return chosen, act


def _put_on_roster(plan: Plan, chosen: Sequence[Proposal], now: datetime, by: User | None) -> Act | None:
    team = Team.objects.order_by("pk").first() or ensure_team(name="Desk", zone=settings.PLANNER_ZONE)
    said = ngettext("%(n)s duty of a plan accepted", "%(n)s duties of a plan accepted", len(chosen)) % {
        "n": len(chosen)
    }
    planned = [Planned(p.person, DutyKind(p.kind), Span(p.during.lower, p.during.upper)) for p in chosen]
    shifts, act = add_shifts(planned, team=team, said=said, now=now, by=by)
    for one, shift in zip(chosen, shifts, strict=True):
        one.shift, one.act, one.accepted_at = shift, act, now
        one.save(update_fields=["shift", "act", "accepted_at"])
    # What the plan itself puts on the roster does not make the rest of it out of date.
    problem = asking.question(plan.during.lower, plan.during.upper, plan.budget, now)
    plan.basis = asking.basis(problem)
    plan.save(update_fields=["basis"])
    return act


@transaction.atomic
def undo(plan: Plan, act: UUID, *, by: User, now: datetime) -> int:
    """Cancel exactly the shifts of one acceptance; its proposals may be accepted again. How many.

    Raises RosterRefused when that is undone already, too long ago, or changed since.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    theirs = plan.proposals.filter(act__uuid=act)
    is_fresh = not stale(plan, now)
    acts.undo(act, by=by, now=now)
    count = theirs.update(shift=None, act=None, accepted_at=None)
    if is_fresh:  # nothing else has changed: the roster is as it was when the plan was made
        problem = asking.question(plan.during.lower, plan.during.upper, plan.budget, now)
        Plan.objects.filter(pk=plan.pk).update(basis=asking.basis(problem))
    return count
