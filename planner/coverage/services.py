"""Ask for coverage, choose a gap on purpose, register what supplies a link, and record how each day stood."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.coverage import selectors
from planner.coverage.core import gaps
from planner.coverage.core.links import LINKS, Link
from planner.coverage.models import AcceptedGap, Ledger, Requirement, Supply
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.tempo.selectors import theatre
from planner.wallclock import WeeklyRule, night_of


class CoverageRefused(Refused):
    """Coverage cannot be changed like this; the text says why."""


@transaction.atomic
def set_requirement(
    *,
    link: str,
    rule: WeeklyRule,
    now: datetime,
    language: str = "",
    people: int = 1,
    by: User | None = None,
    replaces: Requirement | None = None,
) -> tuple[Requirement, bool]:
    """Ask for so many people for a link (in a language, "" for whichever) at the rule's wall times.

    Returns the requirement and whether anything changed: the very same one again is no change, another number of people
    ends the old one. `replaces` is ended as well, so an edit keeps its history. Raises CoverageRefused.
    """
    if link not in LINKS:
        raise CoverageRefused(_("“%(link)s” is not a link: expected one of %(all)s.") % _links_words(link))
    if people < 1:
        raise CoverageRefused(_("A requirement asks for one person at least."))
    same = {
        "link": str(link),
        "language": language.strip().lower(),
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
    made = Requirement.objects.create(people=people, **same)
    _stamp_requirement(made, "set", by, now)
    return made, True


@transaction.atomic
def end_requirement(requirement: Requirement, *, by: User | None, now: datetime) -> None:
    """No longer ask for it; it stays on record. Ended already: nothing changes."""
    if Requirement.objects.filter(pk=requirement.pk, ended_at=None).update(ended_at=now):
        _stamp_requirement(requirement, "ended", by, now)


@transaction.atomic
def accept_gap(
    *,
    start: datetime,
    end: datetime,
    links: Iterable[str],
    owner: User,
    reason: str,
    expires_at: datetime,
    by: User,
    now: datetime,
) -> AcceptedGap:
    """Choose a gap on purpose: [start, end) without these links, until `expires_at`. Stamps GAP_ACCEPTED.

    Raises CoverageRefused without a reason, without a link, with an end before the start, or an expiry in the past.
    """
    chosen = [link for link in LINKS if link in set(links)]
    if not reason.strip():
        raise CoverageRefused(_("Say why this gap is accepted: the next reader will ask."))
    if not chosen:
        raise CoverageRefused(_("Name at least one link that may be missing."))
    if end <= start:
        raise CoverageRefused(_("The gap must end after it starts."))
    if expires_at <= now:
        raise CoverageRefused(_("The acceptance must expire in the future, or it means nothing."))
    accepted = AcceptedGap.objects.create(
        during=DateTimeTZRange(start, end),
        links=chosen,
        owner=owner,
        reason=reason.strip(),
        accepted_at=now,
        expires_at=expires_at,
    )
    _stamp_acceptance(accepted, "accepted", by, now)
    return accepted


@transaction.atomic
def end_acceptance(accepted: AcceptedGap, *, by: User, now: datetime) -> None:
    """The gap is not accepted any more: it counts as open again. Ended already: nothing changes."""
    if AcceptedGap.objects.filter(pk=accepted.pk, ended_at=None).update(ended_at=now):
        _stamp_acceptance(accepted, "ended", by, now)


@transaction.atomic
def register_supply(
    *,
    key: str,
    kind: str,
    links: Iterable[str],
    languages: Iterable[str],
    during: tuple[datetime, datetime | None],
    label: str,
) -> Supply:
    """Say that something besides people covers links during [start, end), end None: until close_supply.

    `key` names it as "kind:uuid"; registering the same key again replaces what it supplies from `start` on and leaves
    the time before as it was, so that a channel held and let go keeps its past. Raises ValueError for an unknown link.
    """
    start, end = during
    wanted = sorted({Link(link) for link in links}, key=LINKS.index)
    close_supply(key, at=start)
    return Supply.objects.create(
        key=key,
        kind=kind,
        links=wanted,
        languages=sorted(set(languages)),
        during=DateTimeTZRange(start, end),
        label=label[:160],
    )


@transaction.atomic
def close_supply(key: str, *, at: datetime) -> None:
    """From the aware instant `at` on nothing is supplied under this key; what was before stays on record."""
    reach = DateTimeTZRange(at, None)
    for row in Supply.objects.select_for_update().filter(key=key, during__overlap=reach):
        if row.during.lower >= at:
            row.delete()
        else:
            row.during = DateTimeTZRange(row.during.lower, at)
            row.save(update_fields=["during"])


@transaction.atomic
def record_ledger(*, now: datetime) -> tuple[Ledger, bool]:
    """Write down how the last theatre day that has ended (noon to noon) stood; once, whatever is edited later.

    Returns the ledger and whether it is new. Stamps SNAPSHOT.
    """
    zone = theatre()
    ended = night_of(now, zone).start
    day = night_of(ended - timedelta(seconds=1), zone)
    asked, _assumed = selectors.requirements()
    found = gaps.find(asked, selectors.watch(day.start, day.end), day.start, day.end)
    ledger, is_new = Ledger.objects.get_or_create(
        day=day.start.astimezone(zone).date(),
        defaults={
            "zone": zone.key,
            "required": found.required,
            "covered": found.covered,
            "gaps": found.required - found.covered,
            "recorded_at": now,
        },
    )
    if is_new:
        hours = (found.required - found.covered).total() / timedelta(hours=1)
        stamp(
            milestone=Milestone.SNAPSHOT,
            at=now,
            subject=f"ledger:{ledger.day.isoformat()}",
            actor="clock",
            hours_without_cover=round(hours, 2),
        )
    return ledger, is_new


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
        days=list(requirement.days),
        from_minute=requirement.from_minute,
        to_minute=requirement.to_minute,
        zone=requirement.zone,
        people=requirement.people,
    )


def _stamp_acceptance(accepted: AcceptedGap, change: str, by: User, now: datetime) -> None:
    stamp(
        milestone=Milestone.GAP_ACCEPTED,
        at=now,
        subject=f"accepted_gap:{accepted.uuid}",
        actor=by.username,
        change=change,
        start=accepted.during.lower.isoformat(),
        end=accepted.during.upper.isoformat(),
        links=list(accepted.links),
        owner=accepted.owner.username,
        reason=accepted.reason,
        expires_at=accepted.expires_at.isoformat(),
    )
