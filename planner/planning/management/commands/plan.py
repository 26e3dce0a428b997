"""The operators' door to the optimiser: which extra duties avoid the most loss within so many paid hours."""

import json
import time
from datetime import timedelta
from typing import Any, NoReturn, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.journal.documents import BAD_INPUT, DocumentCommand
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.people.selectors import found as people_found
from planner.planning import services
from planner.planning.models import Plan, Proposal
from planner.planning.words import line_why, proof, slot_why, why
from planner.rosters.words import said
from planner.spans import Span

USUAL_HOURS = 40.0
PATIENCE = 180  # seconds, when a hand has taken the plan meanwhile


class Command(DocumentCommand):
    help = (
        "Extra duties that avoid the most loss within so many paid hours. Exit 1 when nothing can be done about a loss."
    )
    empty = {"hours": 0.0, "loss_before": 0.0, "loss_after": 0.0, "bound": 0.0, "proposals": []}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="1 to 28, from the next half-hour on (default: 14)")
        parser.add_argument("--hours", type=float, default=USUAL_HOURS, help="paid hours (default: 40)")
        parser.add_argument("--accept", action="store_true", help="put all of it on the roster, as one act")
        parser.add_argument("--by", default="", help="who accepts (username or e-mail); they can undo it on the page")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _person(options["by"])
        try:
            plan = services.ask(days=options["days"], hours=options["hours"], now=timezone.now(), by=by)
        except (Refused, ValueError) as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        plan = _solved(plan)
        if plan.state == Plan.State.FAILED:
            if options["json"]:
                self.refuse(plan.last_error)
            raise CommandError(plan.last_error, returncode=1)
        refusal = ""
        if options["accept"] and plan.proposals.exists():
            try:
                services.accept(plan, now=timezone.now(), by=by)
            except Refused as refused:
                refusal = str(refused)
        if options["json"]:
            self.stdout.write(json.dumps(document(plan), ensure_ascii=False))
        else:
            tell(plan, Console(file=cast(TextIO, self.stdout), width=140))
        if refusal:
            raise CommandError(refusal, returncode=1)
        if (plan.loss_before or 0) > 1e-3 and not plan.proposals.exists():
            raise SystemExit(1)


def _person(words: str) -> User | None:
    if not words:
        return None
    known = people_found(words)
    if len(known) != 1:
        raise CommandError(f"--by “{words}”: expected one person, found {len(known)}", returncode=BAD_INPUT)
    return known[0]


def _solved(plan: Plan) -> Plan:
    """Work it out here and now; when a hand was quicker, wait for it."""
    done = services.work_out(plan.pk, now=timezone.now())
    for _ in range(PATIENCE):
        if done is not None:
            break
        plan.refresh_from_db()
        if plan.state in (Plan.State.READY, Plan.State.FAILED):
            done = plan
            break
        time.sleep(1)
    if done is None:
        _never()
    done.refresh_from_db()
    return done


def _never() -> NoReturn:
    raise CommandError("The hands are at this plan still: look at /plan/.", returncode=1)


def tell(plan: Plan, console: Console) -> None:
    """The table for people: each in their own wall time, then what it comes to."""
    table = Table(title=f"Plan within {plan.budget / 60:g} paid hours", title_justify="left")
    for column in ("who", "duty", "when"):
        table.add_column(column)
    for column in ("hours", "paid", "avoids"):
        table.add_column(column, justify="right")
    for one in plan.proposals.select_related("person"):
        span = Span(one.during.lower, one.during.upper)
        figures = (f"{span.duration / timedelta(hours=1):g}", f"{one.paid / 60:g}", f"{one.avoids:.2f}")
        table.add_row(str(one.person), one.kind, said(span, one.person.zone), *figures)
    console.print(table)
    before, after, bound = (value or 0.0 for value in (plan.loss_before, plan.loss_after, plan.bound))
    console.print(f"Audiences lost: {before:.2f} without, {after:.2f} with the plan.", highlight=False)
    console.print(proof(max(0.0, after - bound) / max(after, 1e-9)), highlight=False)
    for sentence in [*map(line_why, plan.lines), *map(slot_why, plan.slots)]:
        console.print(f"{sentence}.", highlight=False)
    for note in plan.notes:
        console.print(note, highlight=False)


def document(plan: Plan) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC, `hours` of a proposal are paid hours."""
    return {
        "hours": plan.budget / 60,
        "loss_before": round(plan.loss_before or 0.0, 6),
        "loss_after": round(plan.loss_after or 0.0, 6),
        "bound": round(plan.bound or 0.0, 6),
        "proposals": [_proposal(one) for one in plan.proposals.select_related("person")],
        "plan": str(plan.uuid),
        "seconds": round(plan.seconds or 0.0, 3),
        "policy": plan.policy,
        "frontier": [{"hours": hours, "loss": loss, "bound": bound} for hours, loss, bound in plan.frontier],
        "lines": [{**line, "why": line_why(line)} for line in plan.lines],
        "slots": [{**slot, "why": slot_why(slot)} for slot in plan.slots],
        "notes": plan.notes,
    }


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "person": str(one.person),
        "kind": one.kind,
        "start": one.during.lower.isoformat(),
        "end": one.during.upper.isoformat(),
        "hours": round(one.paid / 60, 4),
        "length_hours": round((one.during.upper - one.during.lower) / timedelta(hours=1), 4),
        "avoids": round(one.avoids, 6),
        "expected": round(one.expected, 6),
        "why": why(one),
        "accepted": one.accepted_at is not None,
    }
