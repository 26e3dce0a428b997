"""The drawings on a page: the night line, a claim's ribbon, curves and the heat map, in the reader's language."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from planner.desk.core import night as nights
from planner.desk.core.curve import Curve, draw_curve
from planner.desk.core.night_line import SIZES, Drawing, draw
from planner.desk.core.night_row import draw_row
from planner.desk.core.ribbon import Ribbon, draw_ribbon
from planner.desk.templatetags.desk_time import place
from planner.desk.templatetags.desk_time import spoken as say

register = template.Library()

STRIPS = ("wide", "narrow")


def _day(local: datetime) -> str:
    return date_format(local, "D j M")


def _number(value: float) -> str:
    return number_format(value, decimal_pos=1)


def tongue() -> nights.Tongue:
    """The active language for drawings; each label is translated as it stands in `night.LABELS`."""
    labels = {key: gettext(text) for key, text in nights.LABELS.items()}
    return nights.Tongue(labels, say, place, _day, _number)


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # the pen escaped every text


@register.inclusion_tag("components/night_line.html")
def night_line(night: nights.Night, title: str = "", prefix: str = "night", table: bool = True) -> dict[str, object]:
    """The night at three sizes (CSS shows the one that fits), its cost in words, a key, and its facts as a table."""
    speak = tongue()
    return {
        "night": night,
        "title": title,
        "prefix": prefix,
        "drawings": [
            _safe(draw(night, size=size, rtl=get_language_bidi(), tongue=speak, prefix=f"{prefix}-{size}").svg)
            for size in SIZES
        ],
        "toll": nights.toll(night),
        "facts": [fact for fact in nights.facts(night, speak) if table],
        "open": sum(claim.settled_at() is None for claim in night.claims),
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


def _strip(drawn: Iterable[Drawing]) -> SafeString:
    """The same drawing at two sizes; CSS shows the one that fits."""
    return mark_safe(f'<div class="strip">{"".join(drawing.svg for drawing in drawn)}</div>')
