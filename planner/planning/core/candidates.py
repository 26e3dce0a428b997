"""Who could take which duty: when each person is free, and who can stand in for whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import DOERS, RELEASERS, Supply, SupplyKind, speaks
from planner.people.core.roles import Role
from planner.planning.core.grid import Ask, Grid, Slot, grid
from planner.planning.core.problem import MINUTE, Candidate, Problem
from planner.rosters.core.duty import Duty
from planner.spans import SpanSet

Someone = Candidate | Duty
DOING = {link: frozenset(role.value for role in roles) for link, roles in DOERS.items()}
RELEASING = frozenset(role.value for role in RELEASERS)


def free(problem: Problem, person: Candidate) -> SpanSet:
    """When a new duty of the person may lie: not on leave, and rested from and for each own duty."""
    rest = problem.policy.rest * MINUTE
    taken = SpanSet((own.span.start - rest, own.span.end + rest) for own in person.own)
    return SpanSet([(problem.start, problem.end)]) - taken - person.away


def is_able(person: Someone, ask: Ask) -> bool:
    """Whether they can do the link that is asked for, in its language and role."""
    return _acts(person, DOING[ask.link], ask.role) and speaks(person.languages, ask.language or None)


def is_acting(person: Someone, role: Role, language: str) -> bool:
    """Whether they hold the role and speak the language."""
    return role.value in person.roles and speaks(person.languages, language or None)


def is_releaser(person: Someone, ask: Ask) -> bool:
    """Whether they may release a cleared line for what is asked for."""
    return _acts(person, RELEASING, ask.role)


def _acts(person: Someone, roles: frozenset[str], role: str) -> bool:
    return (role in roles and role in person.roles) if role else not roles.isdisjoint(person.roles)


@dataclass(frozen=True)
class Hands:
    """How many channels do a thing in a slot, and how many cleared lines would if somebody released them."""

    channels: int
    lines: int

    @classmethod
    def of(cls, ask: Ask, slot: Slot) -> "Hands":
        """What besides people does the thing asked for."""
        fitting = [one for one in slot.supplies if ask.link in one.links and _speaks(one, ask.language)]
        channels = sum(one.kind is SupplyKind.CHANNEL for one in fitting)
        return cls(channels, len(fitting) - channels)


def _speaks(supply: Supply, language: str) -> bool:
    return not supply.languages or speaks(supply.languages, language or None)


def stands(ask: Ask, slot: Slot, people: Sequence[Someone]) -> bool:
    """Whether these people, with the supplies of the slot, do the thing asked for (see Watch.staffed)."""
    hands = Hands.of(ask, slot)
    count = hands.channels + (hands.lines if any(is_releaser(one, ask) for one in people) else 0)
    doing = sum(is_able(one, ask) for one in people)
    if ask.link is Link.CLEARED:
        drafters = sum(is_acting(one, Role.OFFICER, ask.language) for one in people)
        either = sum(
            is_acting(one, Role.OFFICER, ask.language) or is_acting(one, Role.APPROVER, ask.language) for one in people
        )
        doing = 0 if either < 2 and drafters and doing else doing  # nobody clears their own words
    return count + doing >= ask.people


def all_stand(asks: frozenset[Ask], slot: Slot, people: Sequence[Someone]) -> bool:
    """Whether everything asked for can be done."""
    return all(stands(ask, slot, people) for ask in asks)


@dataclass(frozen=True)
class Group:
    """People who can do the same: for the chain any of them is as good as any other."""

    members: tuple[Candidate, ...]

    @property
    def one(self) -> Candidate:
        """Somebody of the group, to ask what they can do."""
        return self.members[0]


def groups(grid: Grid) -> list[Group]:
    """The people who can do anything that is asked for, those together who can do the same."""
    asks = sorted({replace(ask, people=1) for slot in grid.slots for ask in grid.answering(slot)})
    found: dict[tuple[bool, ...], list[Candidate]] = defaultdict(list)
    for person in sorted(grid.problem.candidates, key=lambda one: one.person_id):
        signs = tuple(
            sign
            for ask in asks
            for sign in (
                is_able(person, ask),
                is_releaser(person, ask),
                ask.link is Link.CLEARED and is_acting(person, Role.OFFICER, ask.language),
            )
        )
        if any(signs):
            found[signs].append(person)
    return [Group(tuple(members)) for members in found.values()]


def opened(problem: Problem) -> Grid:
    """The grid of a problem; slots whose requirement the roster meets already are not priced any more."""
    cut = grid(problem)
    slots = [
        replace(slot, is_priced=slot.is_priced and not all_stand(slot.needs, slot, slot.duties)) for slot in cut.slots
    ]
    return replace(cut, slots=slots)
