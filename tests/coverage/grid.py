"""The slow way round: coverage asked minute by minute, as an oracle for the sweeps."""

from datetime import timedelta

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import speaks

MINUTE = timedelta(minutes=1)


def minutes(start, end):
    return [start + MINUTE * n for n in range(int((end - start) / MINUTE))]


def can_do(at, link, language, duties, supplies, role=None):
    """How many people and supplies can do the link at this minute in the role, decided case by case."""
    there = [duty for duty in duties if duty.span.start <= at < duty.span.end]
    fluent = [duty for duty in there if speaks(duty.languages, language)]
    open_now = [s for s in supplies if s.span.start <= at < s.span.end and link in s.links]
    open_now = [s for s in open_now if not s.languages or speaks(s.languages, language)]
    working = [s for s in supplies if s.kind == "channel" and s.span.start <= at < s.span.end]
    open_now = [s for s in open_now if s.kind == "channel" or lets_out(s, there, working, role)]
    people = _people(link, fluent)
    if role:
        fit = {"seen": {"analyst", "duty"}, "drafted": {"officer"}, "cleared": {"approver"}}.get(link, set())
        people = {one for one in people if role in fit and any(d.person_id == one and role in d.roles for d in fluent)}
    return len(people) + len(open_now)


def lets_out(line, there, working, role):
    """Whether somebody here may release the line, and a channel of its scope takes it."""
    releasing = {"duty", "officer", "approver"} & ({role} if role else {"duty", "officer", "approver"})
    able = [duty for duty in there if duty.roles & releasing]
    may = [duty for duty in able if duty.roles & releasing & line.releasers or duty.person_id in line.people]
    fit = [s for s in working if s.channel_kind in line.channel_kinds]
    fit = [
        s for s in fit if not s.languages or not line.languages or any(speaks(s.languages, t) for t in line.languages)
    ]
    return bool(may) and (not line.channel_kinds or bool(fit))


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
        if when.contains(at) and can_do(at, need.link, need.language, duties, supplies, need.role) < need.people
    )


def whole(at, requirements, duties, supplies):
    """Whether every link can be done at this minute in every language asked for."""
    asked = {(need.link, need.language) for need in requirements}
    asked |= {(link, None) for link in Link if link not in {of for of, _ in asked}}
    return all(can_do(at, link, language, duties, supplies) for link, language in asked)


def lost(gap, requirements, duties, supplies, rates, assumed, last):
    """Audiences lost in a gap, minute by minute: each claim waits for the first answer that the minutes after allow."""
    desk = [duty for duty in duties if duty.is_desk]
    answers = []
    for at in minutes(gap.end, last):
        stands = [
            assumed.desk
            if whole(at, requirements, desk, supplies)
            else assumed.on_call
            if whole(at, requirements, duties, supplies)
            else None
        ]
        answers += [(at + wait, at) for wait in stands if wait is not None]
    if not answers:
        return sum(rates(at) for at in minutes(gap.start, gap.end))
    answered, moment = min(answers)
    kinds = {s.channel_kind for s in supplies if s.kind == "channel" and s.span.start <= moment < s.span.end}
    half_life = max(assumed.half_lives.get(kind, assumed.half_life) for kind in kinds)
    middles = [at + MINUTE / 2 for at in minutes(gap.start, gap.end)]
    return sum(rates(at) * (1 - 2 ** -((answered - at) / half_life)) for at in middles)
