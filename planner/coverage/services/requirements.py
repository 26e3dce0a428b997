"""Ask for coverage, and no longer ask for it; a whole week of hours at once, and all of it undone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.coverage.core.links import LINKS, Link
from planner.coverage.core.staffing import roles_for
from planner.coverage.core.weekgrid import Ask, Hours, Row
from planner.coverage.models import Requirement
from planner.coverage.services.refusals import CoverageRefused
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.wallclock import WeeklyRule


@transaction.atomic
def set_requirement(
    *,
    link: str,
    rule: WeeklyRule,
    now: datetime,
    language: str = "",
    people: int = 1,
    role: str = "",
    by: User | None = None,
    replaces: Requirement | None = None,
) -> tuple[Requirement, bool]:
    """Ask for so many people for a link (in a language and a role, "" for whichever) at the rule's wall times.

    Returns the requirement and whether anything changed: the very same one again is no change, another number of people
    ends the old one. `replaces` is ended as well, so an edit keeps its history. Raises CoverageRefused.
    """
    if link not in LINKS:
        raise CoverageRefused(_("“%(link)s” is not a link: expected one of %(all)s.") % _links_words(link))
    if people < 1:
        raise CoverageRefused(_("A requirement asks for one person at least."))
    if role and role not in (fitting := roles_for(Link(link))):
        raise CoverageRefused(_role_words(link, role, fitting))
    same = {
        "link": str(link),
        "language": language.strip().lower(),
        "role": role,
        "days": sorted(rule.days),
        "from_minute": rule.start,
        "to_minute": rule.end,
        "zone": rule.zone,
    }
    known = Requirement.objects.select_for_update().filter(ended_at=None, **same).first()
    if replaces is not None and replaces != known:
        end_requirement(replaces, by=by, now=now)
    if known and known.people == people:
        return known, False
    if known:
        end_requirement(known, by=by, now=now)
    made = Requirement.objects.create(people=people, set_at=now, **same)
    _stamp_requirement(made, "set", by, now)
    return made, True


@transaction.atomic
def end_requirement(requirement: Requirement, *, by: User | None, now: datetime) -> None:
    """No longer ask for it; it stays on record. Ended already: nothing changes."""
    if Requirement.objects.filter(pk=requirement.pk, ended_at=None).update(ended_at=now):
        _stamp_requirement(requirement, "ended", by, now)


@transaction.atomic
def set_week(*, rows: Sequence[Row], by: User, now: datetime) -> tuple[int, int]:
    """Ask for exactly what the rows of the week say, and for nothing else. Returns how many were added and ended.

    What stands already stays as it is. Raises CoverageRefused, and then nothing has changed.
    """
    wanted = {(row.ask, hours, days) for row in rows for hours, days in row.rules().items()}
    standing = {_asked(one): one for one in Requirement.objects.select_for_update().filter(ended_at=None)}
    gone = [one for asked, one in standing.items() if asked not in wanted]
    for one in gone:
        end_requirement(one, by=by, now=now)
    new = sorted(wanted - standing.keys(), key=str)
    for ask, (start, end), days in new:
        set_requirement(
            link=ask.link,
            language=ask.language,
            role=ask.role,
            people=ask.people,
            rule=WeeklyRule(days, start, end, ask.zone),
            by=by,
            now=now,
        )
    return len(new), len(gone)


@transaction.atomic
def undo_change(*, at: datetime, by: User, now: datetime) -> tuple[int, int]:
    """Take back the change made at that very moment: what it added is ended, what it ended is asked for again.

    Returns how many were put back and how many ended. Undoing an undo is doing it again.
    """
    added = list(Requirement.objects.filter(set_at=at, ended_at=None))
    ended = list(Requirement.objects.filter(ended_at=at).exclude(set_at=at))
    for one in added:
        end_requirement(one, by=by, now=now)
    for one in ended:
        put_back(one, by=by, now=now)
    return len(ended), len(added)


def _asked(one: Requirement) -> tuple[Ask, Hours, frozenset[int]]:
    ask = Ask(one.link, one.role, one.language, one.people, one.zone)
    return ask, (one.from_minute, one.to_minute), frozenset(one.days)


@transaction.atomic
def put_back(requirement: Requirement, *, by: User | None, now: datetime) -> tuple[Requirement, bool]:
    """Undo an end: ask for the same again, as a new row. Returns it, and whether that changed anything."""
    return set_requirement(
        link=requirement.link,
        language=requirement.language,
        role=requirement.role,
        rule=WeeklyRule(frozenset(requirement.days), requirement.from_minute, requirement.to_minute, requirement.zone),
        people=requirement.people,
        by=by,
        now=now,
    )


def _role_words(link: str, role: str, fitting: Iterable[str]) -> str:
    named = ", ".join(sorted(fitting))
    if not named:
        return _("“%(link)s” asks for a channel, not for a role: leave the role empty.") % {"link": link}
    words = {"role": role, "link": link, "all": named}
    return _("“%(role)s” does not do “%(link)s”: expected one of %(all)s, or none.") % words


def _links_words(link: str) -> dict[str, str]:
    return {"link": link, "all": ", ".join(LINKS)}


def _stamp_requirement(requirement: Requirement, change: str, by: User | None, now: datetime) -> None:
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"requirement:{requirement.uuid}",
        actor=by.username if by else "import",
        change=change,
        link=requirement.link,
        language=requirement.language,
        role=requirement.role,
        days=list(requirement.days),
        from_minute=requirement.from_minute,
        to_minute=requirement.to_minute,
        zone=requirement.zone,
        people=requirement.people,
    )
