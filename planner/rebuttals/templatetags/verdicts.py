"""How a version rates the claim, in the words of its readers."""

from django import template

from planner.rebuttals.core.verdict import public_name
from planner.rebuttals.models import Draft

register = template.Library()


@register.filter
def rating_name(draft: Draft) -> str:
    """The rating as the public reads it, in the language of the text; "" for a version without one."""
    return public_name(draft.rating, draft.language) if draft.rating else ""
