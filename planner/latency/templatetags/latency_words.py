"""Figures of the latency page in words."""

from datetime import timedelta
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share as "47 %"; a dash where it is not known."""
    return "–" if share is None else _("%(percent)d %%") % {"percent": round(share * 100)}


@register.filter
def minutes(value: float | None) -> timedelta | None:
    """Minutes as a duration, to be spoken."""
    return None if value is None else timedelta(minutes=value)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key."""
    return mapping.get(key)


@register.filter
def target_state(met: bool | None) -> str:
    """The state of a figure that has a target: answered, unanswered, or neutral while it is not known."""
    return {True: "answered", False: "unanswered"}.get(met, "neutral")  # type: ignore[arg-type]


@register.simple_tag
def claim_url(uuid: object) -> str:
    """The claim's own page, or nothing while there is none."""
    try:
        return reverse("claims:detail", args=[uuid])
    except NoReverseMatch:
        return ""
