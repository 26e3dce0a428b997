"""The remarks on a forecast in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planner.tempo.core.notes import Note, Remark
from planner.tempo.core.observed import Basis

STAND_INS = {
    Basis.FLOODS: gettext_lazy("No claims recorded yet: floods are counted instead, so read the level with care."),
    Basis.MESSAGES: gettext_lazy("No claims recorded yet: messages are counted instead, so read the level with care."),
}


def noted(note: Note) -> str:
    """The remark as a sentence."""
    match note.remark:
        case Remark.NOTHING_YET:
            return _(
                "No claims and no sightings yet: one claim a day is assumed. Import sightings to learn the rhythm."
            )
        case Remark.NO_CLAIMS:
            return str(STAND_INS[note.basis])
        case Remark.FEW_DAYS:
            said = ngettext(
                "Learned from %(days)s day only: two weeks or more make the rhythm trustworthy.",
                "Learned from %(days)s days only: two weeks or more make the rhythm trustworthy.",
                note.days,
            )
        case Remark.OLD:
            said = ngettext(
                "The newest of them is %(days)s day old: the forecast says how they spoke then.",
                "The newest of them is %(days)s days old: the forecast says how they spoke then.",
                note.days,
            )
    return said % {"days": note.days}
