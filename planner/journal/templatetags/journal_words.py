"""What an entry tells, in words: `{{ value|told }}`."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def told(value: object) -> str:
    """A value of an entry's detail as people write it: lists with commas, yes or no, a dash for nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(told(one) for one in value) or "–"
    return "–" if value in (None, "") else str(value)
