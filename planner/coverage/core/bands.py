"""The chain as it is drawn: for each link, stretch after stretch, how it is held and by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Hand, Watch

STRENGTH = ("desk", "on_call", "cleared_line", "channel")  # drawn as the first of them that holds


class Piece(NamedTuple):
    """[start, end) in UTC in which a link is held in this way; `label` names who or what."""

    start: datetime
    end: datetime
    kind: str
    label: str


def chain(watch: Watch) -> dict[Link, list[Piece]]:
    """For every link its pieces: in order, apart from one another, together exactly `watch.staffed(link)`."""
    return {link: _pieces(watch.hands(link)) for link in Link}


def _pieces(hands: Sequence[Hand]) -> list[Piece]:
    edges = sorted(
        (moment, step, index)
        for index, hand in enumerate(hands)
        for span in hand.spans
        for moment, step in ((span.start, 1), (span.end, -1))
    )
    found: list[Piece] = []
    holding: list[int] = []
    for position, (moment, step, index) in enumerate(edges):
        (holding.append if step > 0 else holding.remove)(index)
        following = edges[position + 1][0] if position + 1 < len(edges) else moment
        if holding and following > moment:
            _extend(found, moment, following, [hands[one] for one in holding])
    return found


def _extend(found: list[Piece], start: datetime, end: datetime, hands: Sequence[Hand]) -> None:
    kind = min((hand.kind for hand in hands), key=STRENGTH.index)
    label = ", ".join(sorted({hand.label for hand in hands if hand.kind == kind and hand.label}))
    last = found[-1] if found else None
    if last and last.end == start and (last.kind, last.label) == (kind, label):
        found[-1] = last._replace(end=end)
    else:
        found.append(Piece(start, end, kind, label))
