"""The chain as it is drawn: who holds each link, when and how."""

from planner.coverage.core.bands import STRENGTH, chain
from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Watch
from planner.spans import SpanSet
from tests.coverage.test_gaps import channel, duty, line


def test_the_bands_hold_exactly_what_is_staffed_and_name_the_strongest():
    desk = [duty(1, ["analyst", "officer", "approver"], 0, 240), duty(2, ["duty", "officer"], 120, 360)]
    watch = Watch(desk, [channel(60, 300), line(0, 300)])
    for link, pieces in chain(watch).items():
        assert SpanSet((piece.start, piece.end) for piece in pieces) == watch.staffed(link)
        assert {piece.kind for piece in pieces} <= set(STRENGTH)
    assert [piece.label for piece in chain(watch)[Link.SEEN]] == ["p1", "p1, p2", "p2"]
    assert [piece.kind for piece in chain(watch)[Link.CLEARED]] == ["cleared_line", "desk", "cleared_line"]
