"""The roster's words on pages: `{{ duty.kind|kind_words }}`."""

from django import template
from django.utils.translation import gettext as _

from planner.rosters.models import DUTY_WORDS

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """desk, on call or leave, in the reader's language."""
    return str(DUTY_WORDS.get(kind) or _("leave"))
