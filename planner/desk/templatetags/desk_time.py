"""Times carry their zone, durations are words: `{{ instant|local:zone }}`, `{{ length|spoken }}`."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from planner.desk.core import words

register = template.Library()

# The places our people most often are, so that makemessages finds them; others are shown by their IANA name.
PLACES = (_("Baghdad"), _("London"), _("Brussels"), _("Kyiv"), _("Paris"), _("Berlin"), _("New York"), _("Taipei"))


def place(zone: str) -> str:
    """The zone's city in the active language."""
    return gettext(words.city(zone))


def _time(instant: datetime | None, zone: str, shape: str) -> str:
    if instant is None:
        return ""
    wall = instant.astimezone(ZoneInfo(zone))
    where = place(zone)
    if words.is_ambiguous(instant, zone):
        where = f"{where} ({words.offset(instant, zone)})"
    text = date_format(wall, shape)
    full = f"{date_format(wall, 'l j F Y H:i:s')} {zone}"
    return format_html(
        '<time datetime="{}" title="{}">{} <span class="zone">{}</span></time>', wall.isoformat(), full, text, where
    )


@register.filter
def local(instant: datetime | None, zone: str) -> str:
    """An aware instant as "Fri 13 Jun 22:40 Baghdad" in a `<time>`; nothing for None."""
    return _time(instant, zone, "D j M H:i")


@register.filter
def dated(instant: datetime | None, zone: str) -> str:
    """As `local`, with the year: "Fri 13 Jun 2014 22:40 Baghdad"; for reports and the past."""
    return _time(instant, zone, "D j M Y H:i")


@register.filter
def clock(instant: datetime | None, zone: str) -> str:
    """Only the hour: "22:40 Baghdad"; where the day is plain from what stands around it."""
    return _time(instant, zone, "H:i")


@register.filter
def wall(instant: datetime, zone: str) -> str:
    """The wall time as a field of type datetime-local takes it."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


@register.filter
def spoken(duration: timedelta | None) -> str:
    """A duration in words: "47 min", "2 h 18 min", "over 6 h", "over 3 days"; nothing for None."""
    if duration is None:
        return ""
    said = words.spoken(duration)
    counts = {"count": said.count, "minutes": said.minutes}
    if said.unit is words.Unit.MOMENT:
        return gettext("under a minute")
    if said.unit is words.Unit.MINUTES:
        return ngettext("%(count)d min", "%(count)d min", said.count) % counts
    if said.unit is words.Unit.DAYS:
        if said.over:
            return ngettext("over %(count)d day", "over %(count)d days", said.count) % counts
        return ngettext("%(count)d day", "%(count)d days", said.count) % counts
    if said.over:
        return ngettext("over %(count)d h", "over %(count)d h", said.count) % counts
    if said.minutes:
        return gettext("%(count)d h %(minutes)d min") % counts
    return ngettext("%(count)d h", "%(count)d h", said.count) % counts


@register.simple_tag
def clock_face(stamp: str, zone: str) -> str:
    """A clock that frame.js keeps ticking: `{% now 'U' as stamp %}{% clock_face stamp zone %}`."""
    wall = datetime.fromtimestamp(int(stamp), UTC).astimezone(ZoneInfo(zone))
    return format_html(
        '<time data-clock="{}" datetime="{}">{}</time> <span class="zone">{}</span>',
        zone,
        wall.isoformat(),
        wall.strftime("%H:%M"),
        place(zone),
    )


@register.filter
def place_name(zone: str) -> str:
    """The city of an IANA zone: "Asia/Baghdad" is "Baghdad"."""
    return place(zone)
