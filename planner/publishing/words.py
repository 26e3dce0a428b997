"""What publishing says to people: moments in the theatre's time, and what to know before something is scheduled."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from planner.publishing.core.cautions import Caution
from planner.tempo.selectors import theatre

CAUTION_WORDS = {
    Caution.SAME_WORDS: _("%(channel)s says the same words on %(other)s."),
    Caution.NEAR_WORDS: _("%(channel)s says nearly the same words on %(other)s: “%(text)s”"),
    Caution.ANSWERED: _("The claim has its answer already: these words come after it."),
    Caution.SPACING: _("%(channel)s has another post on %(other)s, less than %(minutes)s minutes apart: “%(text)s”"),
    Caution.SAME_HOUR: _("%(channel)s has another post within the hour, on %(other)s: “%(text)s”"),
    Caution.QUIET: _("%(channel)s is usually quiet from %(start)s to %(end)s."),
    Caution.UNATTENDED: _(
        "No press officer or duty officer is on watch at that moment: nobody looks if it goes wrong."
    ),
    Caution.OUTLIVES: _("It may still go out after %(silent_until)s, when the gap it stands in is over."),
    Caution.LANGUAGE: _("%(channel)s has lately spoken other languages only, not this one (%(language)s)."),
}


def in_theatre(at: datetime) -> str:
    """An aware instant as "Mon 9 Jun 22:30 Asia/Baghdad", in the theatre's zone."""
    zone = theatre()
    return f"{date_format(at.astimezone(zone), 'D j M H:i')} {zone.key}"
