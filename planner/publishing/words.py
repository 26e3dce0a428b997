"""What publishing says to people: moments in the theatre's time, and what to know before something is scheduled."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from planner.planning.core.slots import Offer
from planner.publishing.core.cautions import Caution
from planner.publishing.core.states import WithdrawIf
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

WITHDRAW_WORDS = {
    WithdrawIf.APPROVAL: _("its approval is withdrawn, or the words are edited"),
    WithdrawIf.CLAIM: _("the claim is taken back by its source, or declined"),
    WithdrawIf.CHANNEL: _("the channel is held when it is due"),
}
OFFER_SENTENCE = _(
    "In the gap %(start)s–%(end)s, %(claims)s claims expected, nothing booked within %(free)s min:"
    " avoids at most %(avoids)s audiences"
)


def offer_said(offer: Offer, free: timedelta) -> str:
    """Why a slot is offered, in one sentence; `free`: how far the nearest other post of its channel is, at least."""
    start, end = (moment.astimezone(theatre()) for moment in (offer.silence.span.start, offer.silence.span.end))
    return str(OFFER_SENTENCE) % {
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "claims": f"{offer.claims:.1f}",
        "free": int(free / timedelta(minutes=1)),
        "avoids": f"{offer.avoids:.2f}",
    }


def in_theatre(at: datetime) -> str:
    """An aware instant as "Mon 9 Jun 22:30 Asia/Baghdad", in the theatre's zone."""
    zone = theatre()
    return f"{date_format(at.astimezone(zone), 'D j M H:i')} {zone.key}"


def fenced(words: str) -> str:
    """Words of others inside a sentence of ours, between the marks that keep their direction from turning it."""
    return f"\u2068{words}\u2069"
