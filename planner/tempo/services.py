"""Make a date known, change it, end it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.tempo.models import KnownDate

LONGEST = timedelta(days=31)
YEARS = range(1971, 2100)


class DateRefused(Refused):
    """A date cannot be kept like that; the text says why."""


@transaction.atomic
def save_known_date(
    *,
    name: str,
    first_day: date,
    last_day: date,
    by: User,
    now: datetime,
    yearly: bool = False,
    note: str = "",
    replaces: KnownDate | None = None,
) -> KnownDate:
    """Make a date known on the theatre's calendar; `replaces` is ended, so that an edit keeps its history.

    The same again changes nothing. Raises DateRefused: no name, an end before the start, more than a month, a year out
    of reach, or a date of that name that is known already.
    """
    name = " ".join(name.split())
    _check(name, first_day, last_day)
    words = {"name": name, "first_day": first_day, "last_day": last_day, "yearly": yearly, "note": note.strip()}
    if replaces and all(getattr(replaces, field) == value for field, value in words.items()):
        return replaces
    if replaces:
        end_known_date(replaces, by=by, now=now)
    same = KnownDate.objects.filter(name__iexact=name, first_day=first_day, ended_at=None)
    if same.exists():
        raise DateRefused(_("“%(name)s” is known on that day already: change that one.") % {"name": name})
    made = KnownDate.objects.create(added_by=by, added_at=now, **words)
    _stamp(made, "set", by, now)
    return made


@transaction.atomic
def end_known_date(known: KnownDate, *, by: User, now: datetime) -> None:
    """No longer count with it; it stays on record. Ended already: nothing changes."""
    if KnownDate.objects.filter(pk=known.pk, ended_at=None).update(ended_at=now):
        _stamp(known, "ended", by, now)


def _check(name: str, first_day: date, last_day: date) -> None:
    if not name:
        raise DateRefused(_("Give the date a name that the team will recognise."))
    if last_day < first_day:
        raise DateRefused(_("The last day lies before the first."))
    if last_day - first_day > LONGEST:
        raise DateRefused(_("That is more than a month: enter the days that matter one by one."))
    if first_day.year not in YEARS or last_day.year not in YEARS:
        words = {"first": YEARS[0], "last": YEARS[-1]}
        raise DateRefused(_("Expected a year from %(first)s to %(last)s.") % words)


def _stamp(known: KnownDate, change: str, by: User, now: datetime) -> None:
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"known_date:{known.uuid}",
        actor=by.username,
        change=change,
        name=known.name,
        first_day=known.first_day,
        last_day=known.last_day,
        yearly=known.yearly,
        note=known.note,
    )
