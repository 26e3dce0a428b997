"""How stretches of duty are said to people: with the day, in a zone that is named."""

from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from planner.rosters.core.duty import Duty, Via
from planner.rosters.models import DUTY_WORDS, Leave, Override, Shift, Swap
from planner.spans import Span


def said(span: Span, zone: str) -> str:
    """As "Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad"; an end a day later or more carries its own day."""
    start, end = span.start.astimezone(ZoneInfo(zone)), span.end.astimezone(ZoneInfo(zone))
    short = end.date() == start.date() or (end - start).total_seconds() < 86_400
    until = date_format(end, "H:i" if short else "D j M Y H:i")
    return f"{date_format(start, 'D j M Y H:i')} – {until} {zone}"


def span_of(row: Shift | Leave | Override | Swap) -> Span:
    """The stretch of a row."""
    return Span(row.during.lower, row.during.upper)


def shift_said(shift: Shift) -> str:
    """A shift in its person's own zone: "desk, Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad"."""
    return f"{DUTY_WORDS[shift.kind]}, {said(span_of(shift), shift.person.zone)}"


def duty_said(duty: Duty, zone: str) -> str:
    """A duty in the zone given: "on call, Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad"."""
    return f"{DUTY_WORDS[duty.kind]}, {said(duty.span, zone)}"


VIA_WORDS = {
    Via.SHIFT: _("single shift"),
    Via.SERIES: _("series"),
    Via.ROTATION: _("rotation"),
    Via.SWAP: _("swap"),
    Via.OVERRIDE: _("override"),
}
