"""Several shifts at once, as one act: all of them stand, or none; undone together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from planner.people.models import User
from planner.rosters.acts import Recording
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Act, Shift, Team
from planner.rosters.services import as_range, by_hand, save_shift, stamp_shift
from planner.spans import Span


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody on watch for a span, in every role they hold."""

    person: User
    kind: DutyKind
    span: Span


@transaction.atomic
def add_shifts(
    planned: Sequence[Planned], *, team: Team, said: str, now: datetime, by: User | None = None
) -> tuple[list[Shift], Act | None]:
    """Put all of them on the roster; returns the shifts in the order given, and the act to undo (None without `by`).

    `said`: what was done, in the words of who did it. Raises Conflict, which names the other shift; then none stands.
    """
    record, shifts = Recording(by, now, said), []
    for one in planned:
        shift = Shift(
            external_id=by_hand(),
            person=one.person,
            team=team,
            kind=one.kind,
            roles=[],
            during=as_range(one.span),
        )
        save_shift(shift)
        stamp_shift(shift, "added", now, by)
        shifts.append(shift)
    record.made(shifts)
    return shifts, record.keep()
