"""A roster that comes as iCalendar, as duties, nothing written: its events as the import would put them there."""

import time
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from planner.journal.core.intake import Fault, Outcome, Unreadable
from planner.people import selectors as people
from planner.planning.roster_files import Drawn, Named
from planner.rosters.calendars.bringing import nobody_meant
from planner.rosters.calendars.file import CalendarFile
from planner.rosters.calendars.reading import Found, Group, refuse
from planner.rosters.calendars.rejects import write_rejects
from planner.rosters.core.calendar import LEAVE, Occurrence, Reading, Who
from planner.spans import Span

SHOWN = 50  # rejects in the report; the rejects file holds all of them


def drawn_calendar(
    path: str | Path, reading: Reading, *, start: datetime, end: datetime, rejects: str | None = None, progress: bool
) -> tuple[Drawn, Outcome]:
    """The duties within [start, end) of a calendar file, and what became of its events. Raises Unreadable."""
    began = time.monotonic()
    with CalendarFile(path, progress=progress) as file:
        found = file.look_into(reading)
        drawn = draw_calendar(found, start=start, end=end)
    if found.rejects and rejects:
        write_rejects(rejects, found, key=found.key or found.name or file.path.stem)
    refused = [reject for _block, reject in sorted(found.rejects, key=lambda pair: pair[0].line)]
    if found.rows and len(refused) == found.rows:
        said = _("No event of the calendar can be read. Line %(line)s: %(reason)s")
        raise Unreadable(said % {"line": refused[0].row, "reason": refused[0].reason})
    outcome = Outcome(
        rows=found.rows,
        added=drawn.taken,
        duplicates=drawn.repeated,
        rejected=len(refused),
        seconds=time.monotonic() - began,
        rejects_file=rejects if refused else None,
        rejects=refused[:SHOWN],
        findings=found.findings,
        notes=found.notes,
    )
    return drawn, outcome


def draw_calendar(found: Found, *, start: datetime, end: datetime) -> Drawn:
    """The duties within [start, end) of a calendar that was read; events that mean nobody join `found.rejects`.

    Whoever has no roles by the event or by the team's own list could do nothing, and is named as such.
    """
    named, taken, repeated = Named(), 0, 0
    for group in found.groups:
        try:
            is_new = _put(group, named, Span(start, end))
        except Fault as fault:
            for block in group.blocks:
                refuse(found, block, fault)
        else:
            count = len(group.blocks)
            taken, repeated = taken + count * is_new, repeated + count * (not is_new)
    return named.drawn(start, end, taken=taken, repeated=repeated)


def _put(group: Group, named: Named, window: Span) -> bool:
    """Note what a group of events says; False when it says nothing about the window. Raises Fault."""
    stretches = [one for one in group.unrolled(window.end) if one.span.overlaps(window)]
    for one in stretches:
        for who in _meant(one):
            _note(one, who, named)
    return bool(stretches)


def _note(one: Occurrence, who: Who, named: Named) -> None:
    person = named.person(who.name or who.email.partition("@")[0], who.email, roles=one.meaning.roles)
    if one.meaning.kind == LEAVE:
        person.away.append(one.span)
        return
    person.refuse_second_duty([one.span], "DTSTART", one.span.start.isoformat())
    person.shifts.append((one.meaning.kind, one.span, tuple(sorted(one.meaning.roles))))


def _meant(one: Occurrence) -> list[Who]:
    """Whom an event means: a bare title counts only when somebody bears that name. Raises Fault."""
    known = [who for who in one.meaning.people if who.is_guess and people.found(who.email or who.name)]
    if known:
        return known[:1]
    sure = [who for who in one.meaning.people if not who.is_guess]
    if not sure:
        raise nobody_meant(one.meaning.people[0].name if one.meaning.people else "")
    return sure
