"""Words of the readiness page: `{{ role|role_words }}`, `{{ one.reach|reach_words }}`, `{{ stretch|hours:zone }}`."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planner.desk.core.words import is_ambiguous
from planner.desk.readiness.people import Reach
from planner.desk.readiness.shelf import Why
from planner.desk.readiness.words import REACH_WORDS, WHY_WORDS
from planner.desk.templatetags.desk_time import clock, place
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS

register = template.Library()


@register.filter
def role_words(role: str) -> str:
    """A role as people say it."""
    return str(ROLE_WORDS[Role(role)])


@register.filter
def reach_words(reach: Reach) -> str:
    """What is known of how somebody can be reached."""
    return str(REACH_WORDS[reach])


@register.filter
def line_why(why: Why) -> str:
    """Why a line will not do for the whole night."""
    return str(WHY_WORDS[why])


class Lasting(Protocol):
    """Whatever lasts from one aware instant to another."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


@register.filter
def hours(lasting: Lasting, zone: str) -> SafeString:
    """A stretch of one night as "22:00 – 02:30 Baghdad"; where clocks change in it, each end says its own offset."""
    if is_ambiguous(lasting.start, zone) or is_ambiguous(lasting.end, zone):
        return format_html("{} – {}", clock(lasting.start, zone), clock(lasting.end, zone))
    ends = [(moment.isoformat(), date_format(moment.astimezone(ZoneInfo(zone)), "H:i")) for moment in _ends(lasting)]
    return format_html(
        '<time datetime="{}">{}</time> – <time datetime="{}">{}</time> <span class="zone">{}</span>',
        *ends[0],
        *ends[1],
        place(zone),
    )


def _ends(lasting: Lasting) -> tuple[datetime, datetime]:
    return lasting.start, lasting.end
