"""What lies over the shifts of a roster: parts taken over by swap, and overrides, of which the last word counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet


class OverrideAct(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A part of the shift whose source is `of`, now done by the person of `duty`."""

    of: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class Override:
    """The last word about one person for one stretch: added, removed, or replaced by the person of `by`.

    `by` holds who comes in, with every role they could act in: the added person themselves (ADD), who stands in
    (REPLACE, who acts in those of the roles taken over that they hold), None (REMOVE).
    """

    act: OverrideAct
    person_id: int
    span: Span
    by: Duty | None = None


def swapped(shifts: Iterable[Duty], swaps: Sequence[TakenOver]) -> list[Duty]:
    """The shifts with the parts taken over moved to those who took them, in the order given.

    Only what the giver still holds is moved: a swap of a shift that does not stand moves nothing.
    """
    duties = list(shifts)
    if not swaps:
        return duties
    held = {duty.source: SpanSet([duty.span]) for duty in duties}
    for swap in swaps:
        moved = held.get(swap.of, SpanSet.empty()) & SpanSet([swap.duty.span])
        if moved:
            held[swap.of] -= moved
            held[swap.duty.source] = moved
    pieces = [*duties, *(swap.duty for swap in swaps)]
    return [replace(duty, span=span) for duty in pieces for span in held.get(duty.source, ())]


def overridden(duties: Iterable[Duty], overrides: Sequence[Override]) -> list[Duty]:
    """The duties after the overrides, which are given in the order in which they were made.

    Of two that speak about the same person the later counts where they overlap, as if the earlier had not been made
    there. A person does one thing at a time: whoever is added or stands in drops their own duty meanwhile.
    """
    if not overrides:
        return list(duties)
    by_person: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_person[duty.person_id].append(duty)
    for number, override in enumerate(overrides):
        later = SpanSet(one.span for one in overrides[number + 1 :] if one.person_id == override.person_id)
        counts = SpanSet([override.span]) - later
        if counts:
            _apply(override, counts, by_person)
    return [duty for held in by_person.values() for duty in held]


def _apply(override: Override, when: SpanSet, by_person: dict[int, list[Duty]]) -> None:
    gone = _cut(by_person, override.person_id, when)
    if override.by is None:
        return
    if override.act is OverrideAct.ADD:
        by_person[override.person_id] += [replace(override.by, span=span) for span in when]
        return
    stand_in = override.by
    _cut(by_person, stand_in.person_id, SpanSet(duty.span for duty in gone))
    by_person[stand_in.person_id] += [
        replace(stand_in, span=duty.span, kind=duty.kind, roles=roles)
        for duty in gone
        if (roles := stand_in.roles & duty.roles)
    ]


def _cut(by_person: dict[int, list[Duty]], person_id: int, when: SpanSet) -> list[Duty]:
    """Take a person off for a while; return what they would have done then."""
    kept, gone = [], []
    for duty in by_person[person_id]:
        own = SpanSet([duty.span])
        kept += [replace(duty, span=span) for span in own - when]
        gone += [replace(duty, span=span) for span in own & when]
    by_person[person_id] = kept
    return gone
