"""The slow way round: coverage asked minute by minute, as an oracle for the sweeps."""

from datetime import timedelta

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import speaks

MINUTE = timedelta(minutes=1)


def minutes(start, end):
    return [start + MINUTE * n for n in range(int((end - start) / MINUTE))]


def can_do(at, link, language, duties, supplies):
    """How many people and supplies can do the link at this minute, decided case by case."""
    there = [duty for duty in duties if duty.span.start <= at < duty.span.end]
    fluent = [duty for duty in there if speaks(duty.languages, language)]
    open_now = [s for s in supplies if s.span.start <= at < s.span.end and link in s.links]
    open_now = [s for s in open_now if not s.languages or speaks(s.languages, language)]
    if not any(duty.roles & {"duty", "officer", "approver"} for duty in there):
        open_now = [s for s in open_now if s.kind != "cleared_line"]
    return len(_people(link, fluent)) + len(open_now)


def _people(link, fluent):
    def holding(*roles):
        return {duty.person_id for duty in fluent if duty.roles & set(roles)}

    if link is Link.SEEN:
        return holding("analyst", "duty")
    if link is Link.DRAFTED:
        return holding("officer")
    if link is Link.CLEARED:
        officers, approvers = holding("officer"), holding("approver")
        return approvers if len(approvers | officers) > 1 or not officers else set()
    return set()


def missing(at, requirements, occurring, duties, supplies):
    """The links that fall short at this minute. `occurring`: the SpanSet of each requirement."""
    return frozenset(
        need.link
        for need, when in zip(requirements, occurring, strict=True)
        if when.contains(at) and can_do(at, need.link, need.language, duties, supplies) < need.people
    )
