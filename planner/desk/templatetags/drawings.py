"""The drawings on a page: the night line, a claim's ribbon, curves and the heat map, in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from planner.desk import pictures
from planner.desk.core import night as nights
from planner.desk.core.curve import Curve, draw_curve
from planner.desk.core.heat import draw_heat
from planner.desk.core.night_line import SIZES, Drawing, draw
from planner.desk.core.night_row import draw_row
from planner.desk.core.ribbon import Ribbon, draw_ribbon
from planner.desk.core.tongue import LABELS, Tongue
from planner.desk.core.week_curve import draw_week
from planner.desk.templatetags.desk_time import place
from planner.desk.templatetags.desk_time import spoken as say
from planner.tempo.core.dates import KnownDate
from planner.tempo.core.picture import Week
from planner.tempo.words import rounded

register = template.Library()

STRIPS = ("wide", "narrow")


def _day(local: datetime) -> str:
    return date_format(local, "D j M")


def _number(value: float) -> str:
    return rounded(value, 1)


def tongue() -> Tongue:
    """The active language for drawings; each label is translated as it stands in `core.tongue.LABELS`."""
    labels = {key: gettext(text) for key, text in LABELS.items()}
    return Tongue(labels, say, place, _day, _number)


@register.inclusion_tag("components/night_line.html")
def night_line(
    night: nights.Night, title: str = "", prefix: str = "", table: bool = True, scale: str = "full"
) -> dict[str, object]:
    """The night at three sizes (CSS shows the one that fits), its cost in words, a key, and its facts as a table.

    With `scale="row"` it is one thin strip and nothing else. Ids come from the night's start unless `prefix` is given.
    """
    prefix = prefix or f"night-{night.start:%Y%m%d%H}"
    if scale == "row":
        return {"strip": night_row(night, prefix=f"{prefix}-row")}
    speak, rtl = tongue(), get_language_bidi()
    drawn = [draw(night, size=size, rtl=rtl, tongue=speak, prefix=f"{prefix}-{size}") for size in SIZES]
    return {
        "night": night,
        "title": title,
        "prefix": prefix,
        "drawings": [mark_safe(drawing.svg) for drawing in drawn],  # the pen escaped every text
        "toll": nights.toll(night),
        "facts": nights.facts(night, speak) if table else [],
    }


@register.simple_tag
def night_row(night: nights.Night, name: str = "", ruler: bool = False, prefix: str = "row") -> SafeString:
    """One night as a thin strip; give each its own `prefix` on a page."""
    return _strip(
        draw_row(
            night,
            name=name,
            ruler=ruler,
            size=size,
            rtl=get_language_bidi(),
            tongue=tongue(),
            prefix=f"{prefix}-{size}",
        )
        for size in STRIPS
    )


@register.simple_tag
def ribbon(ribbon: Ribbon, prefix: str = "ribbon") -> SafeString:
    """A claim's milestones on one axis."""
    return _strip(
        draw_ribbon(ribbon, size=size, rtl=get_language_bidi(), tongue=tongue(), prefix=f"{prefix}-{size}")
        for size in STRIPS
    )


@register.simple_tag
def curve(curve: Curve, prefix: str = "curve") -> SafeString:
    """Step curves of the share answered; the page should carry the same figures as a table."""
    return _strip(
        draw_curve(curve, size=size, rtl=get_language_bidi(), tongue=tongue(), prefix=f"{prefix}-{size}")
        for size in STRIPS
    )


@register.simple_tag
def heat_map(week: Week, days: dict[date, list[KnownDate]]) -> SafeString:
    """The hours of the week, hot or not, against our staffing; the page should carry the same as a table."""
    drawn = pictures.heat_map(week, days)
    return _strip(draw_heat(drawn, size=size, rtl=get_language_bidi(), prefix=f"heat-{size}") for size in STRIPS)


@register.simple_tag
def week_curve(week: Week, days: dict[date, list[KnownDate]], zone: str) -> SafeString:
    """The forecast of the week by the hour, with its interval."""
    drawn = pictures.week_curve(week, days, zone)
    return _strip(draw_week(drawn, size=size, rtl=get_language_bidi(), prefix=f"week-{size}") for size in STRIPS)


def _strip(drawn: Iterable[Drawing]) -> SafeString:
    """The same drawing at two sizes; CSS shows the one that fits."""
    return mark_safe(f'<div class="strip">{"".join(drawing.svg for drawing in drawn)}</div>')
