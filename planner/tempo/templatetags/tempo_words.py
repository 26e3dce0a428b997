"""Figures of the tempo in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.tempo.core.officeday import Refusal, Weekend
from planner.tempo.words import clock, figure, rounded, utc_offset

register = template.Library()
register.filter("clock_hours", clock)
register.filter("utc_offset", utc_offset)

# Places whose clocks stand there in winter, so that an offset says something.
PLACES = {
    -8.0: "Los Angeles",
    -6.0: "Mexico City",
    -5.0: "New York",
    -3.0: "São Paulo",
    0.0: "London",
    1.0: "Paris, Belgrade",
    2.0: "Kyiv, Cairo, Damascus",
    3.0: "Baghdad, Moscow, Minsk",
    3.5: "Tehran",
    4.0: "Dubai, Tbilisi",
    4.5: "Kabul",
    5.0: "Islamabad, Tashkent",
    5.5: "Delhi",
    7.0: "Bangkok",
    8.0: "Beijing, Taipei",
    9.0: "Tokyo, Seoul, Pyongyang",
}
WEEKENDS = {
    Weekend.SATURDAY_SUNDAY: gettext_lazy("Saturday and Sunday"),
    Weekend.FRIDAY_SATURDAY: gettext_lazy("Friday and Saturday"),
    Weekend.THURSDAY_FRIDAY: gettext_lazy("Thursday and Friday"),
}
REFUSALS = {
    Refusal.FEW: gettext_lazy("no hint: too few posts that are independent of one another"),
    Refusal.SHORT: gettext_lazy("no hint: fewer than 14 days with posts"),
    Refusal.EVEN: gettext_lazy("no hint: its week does not look like an office week"),
    Refusal.VAGUE: gettext_lazy("no hint: too many zones would fit"),
}


@register.filter
def places(offset: float) -> str:
    """Cities of an offset, "" where none is well known."""
    return PLACES.get(offset, "")


@register.filter
def weekend(value: Weekend) -> str:
    """The days of rest."""
    return str(WEEKENDS[value])


@register.filter
def refusal(value: Refusal) -> str:
    """Why there is no hint."""
    return str(REFUSALS[value])


@register.filter
def times(value: float) -> str:
    """A factor as "1.4 ×"."""
    return _("%(number)s ×") % {"number": rounded(value, 2 if value < 2 else 1)}


@register.filter
def whole(value: float) -> str:
    """A number of posts or claims, rounded as far as it means anything."""
    return figure(value) if value >= 0.005 else "0"


@register.filter
def size(value: int) -> int:
    """The absolute value."""
    return abs(value)
