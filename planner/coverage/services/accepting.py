"""Choose a gap on purpose, or take that back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.coverage.core.links import LINKS
from planner.coverage.models import AcceptedGap
from planner.coverage.services.refusals import CoverageRefused
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User


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
