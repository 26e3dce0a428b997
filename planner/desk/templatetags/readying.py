"""Words of the readiness page: `{{ role|role_words }}`, `{{ one.reach|reach_words }}`, `{{ why|line_why }}`."""

from django import template

from planner.desk.readiness.people import Reach
from planner.desk.readiness.shelf import Why
from planner.desk.readiness.words import REACH_WORDS, WHY_WORDS
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
