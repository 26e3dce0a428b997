"""Why the roster cannot be changed like this, in words for the person who asked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.core.duty import Duty
from planner.rosters.models import Leave, Shift
from planner.rosters.words import duty_said, said, shift_said, span_of
from planner.spans import Span


class RosterRefused(Refused):
    """The roster cannot be changed like this; the text says why."""


class Conflict(RosterRefused):
    """The person is on another shift at that time; `other` is that shift."""

    def __init__(self, other: Shift) -> None:
        super().__init__(
            _("%(person)s is on watch then already: %(shift)s.") % {"person": other.person, "shift": shift_said(other)}
        )
        self.other = other


def other_shift(person: User, span: Span, *, but: Shift | None = None) -> Shift | None:
    """The first standing shift of the person that overlaps the stretch, `but` left out."""
    others = selectors.shifts_between(span.start, span.end).filter(person=person)
    if but is not None:
        others = others.exclude(uuid=but.uuid)
    return next((other for other in others if span_of(other).overlaps(span)), None)


def refuse_second_duty(person: User, span: Span, *, but: Shift | None = None) -> None:
    """Raise Conflict, or RosterRefused for an override, when the person is on watch within the stretch already.

    A shift that they gave away in a swap stays reserved for them: so the swap can always be taken back.
    """
    if other := other_shift(person, span, but=but):
        raise Conflict(other)
    if _is_spoken_of(person, span):
        found = duties_of(person, span.start, span.end)
        refuse_duties(person, (duty for duty in found if duty.source.startswith("override:")))


def refuse_duties(person: User, duties: Iterable[Duty]) -> None:
    """Raise Conflict, or RosterRefused where no shift stands behind it, for the first of a person's duties, if any."""
    for duty in duties:
        kind, _colon, key = duty.source.partition(":")
        if kind == "shift":
            raise Conflict(Shift.objects.select_related("person").get(uuid=key))
        words = {"person": person, "duty": duty_said(duty, person.zone)}
        raise RosterRefused(_("%(person)s is on watch then already: %(duty)s.") % words)


def refuse_leave(person: User, span: Span) -> None:
    """Raise RosterRefused, naming the leave, when the person is away within the stretch: then nothing puts them on."""
    for leave in selectors.leaves_between(span.start, span.end).filter(person=person):
        if span_of(leave).overlaps(span):
            raise away(leave)


def _is_spoken_of(person: User, span: Span) -> bool:
    # A file of a thousand shifts should not resolve the whole roster a thousand times.
    touching = selectors.overrides_between(span.start, span.end)
    return touching.filter(Q(person=person) | Q(stand_in=person)).exists()


def away(leave: Leave) -> RosterRefused:
    """What is said of somebody who is on leave then."""
    words = {"person": leave.person, "leave": said(span_of(leave), leave.person.zone)}
    return RosterRefused(_("%(person)s is on leave then: %(leave)s. Cancel the leave first.") % words)


def duties_of(person: User, start: datetime, end: datetime) -> list[Duty]:
    """One person's duties within [start, end)."""
    return [duty for duty in selectors.duties(start, end) if duty.person_id == person.pk]


def of_the_database(error: IntegrityError, shift: Shift) -> RosterRefused | None:
    """What an exclusion or a trigger says, in words; None for an error that nobody can mend on a page."""
    text = str(error)
    if "one_person_one_shift_at_once" in text:
        if other := other_shift(shift.person, span_of(shift), but=shift):
            return Conflict(other)
        return RosterRefused(_("Somebody changed the roster at the same moment: please try again."))
    if "was taken over by somebody" in text:
        return RosterRefused(_("A part of this shift was taken over in a swap: cancel that part first."))
    if "lies within a standing shift" in text:
        return RosterRefused(_("The shift of which this is a part has changed: offer what is left of it again."))
    return None
