"""The drawings on a page: the night line, a claim's ribbon, curves and the heat map, in the reader's language."""

from datetime import datetime

from django import template
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from planner.desk.core import night as nights
from planner.desk.core.night_line import SIZES, draw
from planner.desk.core.night_row import draw_row
from planner.desk.templatetags.desk_time import place
from planner.desk.templatetags.desk_time import spoken as say

register = template.Library()


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
def night_row(
    night: nights.Night, name: str = "", ruler: bool = False, prefix: str = "row", width: int = 640
) -> SafeString:
    """One night as a thin strip; give each its own `prefix` on a page."""
    drawn = draw_row(
        night, name=name, ruler=ruler, width=width, rtl=get_language_bidi(), tongue=tongue(), prefix=prefix
    )
    return _safe(drawn.svg)
