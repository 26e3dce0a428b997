"""Plans in words that a roster manager says."""

from datetime import datetime, timedelta
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.planning.models import Proposal
from planner.rosters.words import said
from planner.spans import Span
from planner.tempo.selectors import theatre

PART_WORDS = {
    "roster": gettext_lazy("the roster"),
    "leave": gettext_lazy("leave"),
    "people": gettext_lazy("people, their roles or languages"),
    "requirements": gettext_lazy("requirements or accepted gaps"),
    "supplies": gettext_lazy("channels or cleared lines"),
    "assumptions": gettext_lazy("assumptions or the policy"),
    "forecast": gettext_lazy("the forecast"),
}
DESK_SENTENCE = gettext_lazy(
    "%(person)s at the desk %(when)s: %(hours)s h (%(paid)s h paid); avoids %(avoids)s audiences"
    " of the %(expected)s expected to be lost then"
)
ON_CALL_SENTENCE = gettext_lazy(
    "%(person)s on call %(when)s: %(hours)s h on call (%(paid)s h paid); avoids %(avoids)s audiences"
    " of the %(expected)s expected to be lost then"
)

LINE_SENTENCE = gettext_lazy(
    "A cleared line for “%(name)s” (%(language)s), valid %(when)s: no paid hours, one text cleared ahead;"
    " avoids %(avoids)s audiences of the %(expected)s claims expected of it"
)
SLOT_SENTENCE = gettext_lazy(
    "A post of an approved text at %(at)s: no paid hours; the silence %(when)s stays,"
    " %(claims)s claims are expected in it and %(loss)s audiences lost"
)
SLOT_AVOIDS = gettext_lazy("a post then avoids at most %(avoids)s of them")
DESK_COST = gettext_lazy(
    "%(hours)s h at the desk, %(paid)s h paid; avoids %(avoids)s of the %(expected)s audiences lost then"
)
ON_CALL_COST = gettext_lazy(
    "%(hours)s h on call, %(paid)s h paid; avoids %(avoids)s of the %(expected)s audiences lost then"
)


def cost(proposal: Proposal) -> str:
    """What a proposal costs and what it avoids, where its person and its hours stand beside it already."""
    length = proposal.during.upper - proposal.during.lower
    return str(DESK_COST if proposal.kind == "desk" else ON_CALL_COST) % {
        "hours": _hours(length / timedelta(hours=1)),
        "paid": _hours(proposal.paid_hours),
        "avoids": floatformat(proposal.avoids, 2),
        "expected": floatformat(proposal.expected, 2),
    }


def _hours(number: float) -> str:
    """Hours without zeros at the end: 2, 0.5, 0.75."""
    return str(floatformat(number, -1 if round(number, 1) == round(number, 2) else 2))


def why(proposal: Proposal) -> str:
    """What a proposal costs and what it avoids, in one sentence, in the person's own wall time."""
    span = Span(proposal.during.lower, proposal.during.upper)
    sentence = DESK_SENTENCE if proposal.kind == "desk" else ON_CALL_SENTENCE
    return str(sentence) % {
        "person": proposal.person,
        "when": said(span, proposal.person.zone),
        "hours": f"{span.duration / timedelta(hours=1):g}",
        "paid": f"{proposal.paid / 60:g}",
        "avoids": f"{proposal.avoids:.2f}",
        "expected": f"{proposal.expected:.2f}",
    }


def line_why(line: dict[str, Any]) -> str:
    """What a cleared line costs, when it is used and what it avoids, in one sentence, in the theatre's wall time."""
    return str(LINE_SENTENCE) % {
        "name": line["name"],
        "language": line["language"] or _("any language"),
        "when": "; ".join(said(_span(stretch), theatre().key) for stretch in line["hours"]),
        "avoids": f"{line['avoids']:.2f}",
        "expected": f"{line['expected']:.2f}",
    }


def slot_why(slot: dict[str, Any]) -> str:
    """What a post in a silence that stays costs, and what is expected there, in the theatre's wall time."""
    at = datetime.fromisoformat(slot["at"]).astimezone(theatre())
    sentence = str(SLOT_SENTENCE) % {
        "at": f"{date_format(at, 'D j N H:i')}",
        "when": said(_span(slot), theatre().key),
        "claims": f"{slot['claims']:.2f}",
        "loss": f"{slot['loss']:.2f}",
    }
    if "avoids" not in slot:  # a plan from before that was reckoned
        return sentence
    avoids = str(SLOT_AVOIDS) % {"avoids": f"{slot['avoids']:.2f}"}
    return f"{sentence}; {avoids}"


def _span(stretch: dict[str, Any]) -> Span:
    return Span(datetime.fromisoformat(stretch["start"]), datetime.fromisoformat(stretch["end"]))


def proof(gap: float) -> str:
    """How sure it is that there is no better plan."""
    if gap <= 1e-3:
        return _("No plan of watches within these hours avoids more: proven, to a tenth of a per cent.")
    return _("A better plan could lose at most %(share)s less: that far it is proven.") % {"share": f"{gap:.1%}"}
