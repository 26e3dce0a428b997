"""People's duties as values."""

from collections.abc import Iterable

from planner.people.core.roles import Role
from planner.people.models import User
from planner.rosters.core.duty import Duty, Via
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span

# What somebody does on watch. Reading everything and managing accounts are not duties.
ACTING = frozenset({Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY, Role.MANAGER})


def acting_roles(person: User, asked: Iterable[str]) -> frozenset[str]:
    """The roles a person can act in of those asked for; of all that act on watch when none is.

    A role that was taken away since cannot be acted in tonight, whatever the shift was planned for; an account that is
    closed acts in none.
    """
    if not person.is_active:
        return frozenset()
    held = ACTING.intersection(person.roles)
    return frozenset(str(role) for role in held.intersection(list(asked) or held))


def duty_of(person: User, kind: str, roles: Iterable[str], span: Span, via: Via, source: str) -> Duty:
    """A person's duty in those of the roles that they hold now."""
    return Duty(
        person_id=person.pk,
        name=str(person),
        roles=acting_roles(person, roles),
        languages=frozenset(person.languages),
        kind=DutyKind(kind),
        span=span,
        via=via,
        source=source,
    )
