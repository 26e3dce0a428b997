"""Whom to wake, in which order: people on watch, those who speak the claim's language first among their equals."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.people.core.roles import Role
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind


class Why(StrEnum):
    """Why somebody is paged."""

    DUTY_ON_CALL = "duty_on_call"
    OFFICER_ON_CALL = "officer_on_call"
    APPROVER_ON_CALL = "approver_on_call"
    AT_DESK = "at_desk"
    LAST_RESORT = "last_resort"
    HANDED_OVER = "handed_over"
    APPROVER_AT_DESK = "approver_at_desk"
    DEPUTY = "deputy"
    EVERY_APPROVER = "every_approver"


# Waking somebody: whoever is on call for it, and only then who sits at the desk with another job. By day the desk comes
# first: nobody is called at home while a colleague sits there.
WOKEN = (Why.DUTY_ON_CALL, Why.OFFICER_ON_CALL, Why.APPROVER_ON_CALL, Why.AT_DESK)
BY_DAY = (Why.AT_DESK, Why.DUTY_ON_CALL, Why.OFFICER_ON_CALL, Why.APPROVER_ON_CALL)
ON_CALL_FOR = {Role.DUTY: Why.DUTY_ON_CALL, Role.OFFICER: Why.OFFICER_ON_CALL, Role.APPROVER: Why.APPROVER_ON_CALL}
# Words to be cleared: who sits at the desk for it before who must be woken; a deputy is on watch for something else.
CLEARING = (Why.APPROVER_AT_DESK, Why.APPROVER_ON_CALL, Why.DEPUTY)
ASKED_TOGETHER = frozenset({Why.LAST_RESORT, Why.EVERY_APPROVER})
SEES_AND_ANSWERS = frozenset({Role.ANALYST, Role.OFFICER})


@dataclass(frozen=True, slots=True)
class Step:
    """One person to page, and why them."""

    person_id: int
    why: Why


@dataclass(frozen=True, slots=True)
class Climb:
    """Whom to page now. `exhausted`: everybody on watch was paged, so these are the people of last resort."""

    page: tuple[Step, ...]
    exhausted: bool


def ladder(
    duties: Iterable[Duty],
    *,
    language: str = "",
    off_hours: bool = True,
    wanted: str = "",
    managers: Sequence[int] = (),
    without: Collection[int] = (),
    deferred: Collection[int] = (),
) -> list[Step]:
    """Everybody who should be paged, in order, each once: for their best reason.

    `duties` are those of the instant, `language` the claim's (empty: any will do). `wanted`: only who acts in this role
    (a value of Role; empty: whoever can help). `managers`, the people of last resort, come last, in the order given.
    `without` are left out; `deferred`, who took the task before and fell silent, follow the others on watch.
    """
    order = WOKEN if off_hours else BY_DAY
    best: dict[int, tuple[bool, int, bool, str, int, Why]] = {}
    for duty in (one for one in duties if not wanted or wanted in one.roles):
        for why in _reasons(duty):
            mute = bool(language) and language not in duty.languages
            rank = (duty.person_id in deferred, order.index(why), mute, duty.name, duty.person_id, why)
            best[duty.person_id] = min(rank, best.get(duty.person_id, rank))
    steps = [Step(person_id, why) for *_rank, person_id, why in sorted(best.values()) if person_id not in without]
    known = {step.person_id for step in steps} | set(without)
    last = [Step(person_id, Why.LAST_RESORT) for person_id in dict.fromkeys(managers) if person_id not in known]
    return [*steps, *last]


def review_ladder(
    duties: Iterable[Duty],
    *,
    languages: Collection[str] = (),
    approvers: Sequence[int] = (),
    without: Collection[int] = (),
    deferred: Collection[int] = (),
) -> list[Step]:
    """Everybody who may clear words in `languages`, in order, each once: on duty for it, deputies, then all the others.

    `duties` are those of the instant; `approvers` are the people who hold the role and are not away, in the order in
    which they are asked when nobody on watch answers. A deputy is on watch in another role. Who cannot read one of the
    languages follows those who read them all. `without` wrote the words; `deferred` took the review and fell silent.
    """
    best: dict[int, tuple[bool, bool, int, str, int, Why]] = {}
    for duty in duties:
        if duty.person_id not in approvers or duty.person_id in without:
            continue
        mute = not {_tongue(one) for one in languages} <= {_tongue(one) for one in duty.languages}
        why = _clears_as(duty)
        rank = (duty.person_id in deferred, mute, CLEARING.index(why), duty.name, duty.person_id, why)
        best[duty.person_id] = min(rank, best.get(duty.person_id, rank))
    steps = [Step(person_id, why) for *_rank, person_id, why in sorted(best.values())]
    known = {*best, *without}
    return [*steps, *(Step(one, Why.EVERY_APPROVER) for one in dict.fromkeys(approvers) if one not in known)]


def climb(steps: Sequence[Step], *, paged: Collection[int], everybody: bool = False) -> Climb:
    """The next move: one person on watch who was not paged yet, or, when there is none, all who are asked together.

    With `everybody` (a deadline has passed) nobody waits for anybody: all who were not paged yet are, at once.
    """
    waiting = [step for step in steps if step.person_id not in paged]
    on_watch = [step for step in waiting if step.why not in ASKED_TOGETHER]
    if on_watch and not everybody:
        return Climb((on_watch[0],), exhausted=False)
    return Climb(tuple(waiting), exhausted=True)


def is_attended(duties: Iterable[Duty]) -> bool:
    """Whether somebody at the desk sees what comes in and can begin to answer it: an analyst or a press officer."""
    return any(duty.is_desk and duty.roles & SEES_AND_ANSWERS for duty in duties)


def is_read(duties: Iterable[Duty]) -> bool:
    """Whether an analyst at the desk reads the floods."""
    return any(duty.is_desk and Role.ANALYST in duty.roles for duty in duties)


def _clears_as(duty: Duty) -> Why:
    if Role.APPROVER not in duty.roles:
        return Why.DEPUTY
    return Why.APPROVER_AT_DESK if duty.is_desk else Why.APPROVER_ON_CALL


def _tongue(language: str) -> str:
    """Whoever reads Arabic reads the Arabic of Iraq: ar-IQ → ar."""
    return language.partition("-")[0].lower()


def _reasons(duty: Duty) -> list[Why]:
    if duty.kind is DutyKind.DESK:
        return [Why.AT_DESK]
    return [why for role, why in ON_CALL_FOR.items() if role in duty.roles]
