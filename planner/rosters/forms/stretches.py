"""Stretches of time: a shift, once or again and again; a shift moved; leave; a part of a shift offered."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.journal.core.intake import Fault, parse_instant
from planner.people.models import ROLE_WORDS, User
from planner.people.selectors import holding
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import DUTY_WORDS
from planner.rosters.values import ACTING
from planner.wallclock import zone as zone_named

OWN = "own"
REPEATS = {
    "": _("once"),
    "FREQ=DAILY": _("every day"),
    "FREQ=DAILY;INTERVAL=2": _("every second day"),
    "FREQ=WEEKLY": _("every week"),
}


class Moment(forms.DateTimeInput):
    """A date and a time of day, as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def kind_field() -> forms.ChoiceField:
    """At the desk, or on call."""
    return forms.ChoiceField(label=_("Kind"), choices=[(kind.value, DUTY_WORDS[kind.value]) for kind in DutyKind])


def roles_field() -> forms.MultipleChoiceField:
    """What somebody does on watch."""
    return forms.MultipleChoiceField(
        label=_("Acts as"),
        choices=[(role.value, ROLE_WORDS[role]) for role in ROLE_WORDS if role in ACTING],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("none ticked: in every role the person holds"),
    )


class StretchForm(forms.Form):
    """A person and two wall times, read in the theatre's zone or in the person's own."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    start = forms.CharField(label=_("Start"), widget=Moment)
    end = forms.CharField(label=_("End"), widget=Moment)
    zone = forms.ChoiceField(label=_("Times are in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, zones = self.fields.get("person"), self.fields["zone"]
        assert isinstance(zones, forms.ChoiceField)
        theatre = settings.PLANNER_ZONE
        if isinstance(people, forms.ModelChoiceField):
            people.queryset = holding(*ACTING)
        zones.choices = [(theatre, theatre), (OWN, _("the person’s own time zone"))]

    def clean(self) -> dict[str, Any]:
        """`start` and `end` become UTC instants; the field says so when clocks skip a time or show it twice."""
        cleaned = super().clean() or self.cleaned_data
        if not {"person", "zone"} <= cleaned.keys():
            return cleaned
        tz = self.zone_read()
        for name in ("start", "end"):
            if name in cleaned:
                self._read(name, tz)
        if {"start", "end"} <= self.cleaned_data.keys() and self.cleaned_data["end"] <= self.cleaned_data["start"]:
            self.add_error("end", _("The end must lie after the start."))
        return self.cleaned_data

    def zone_read(self) -> ZoneInfo:
        """The zone in which the wall times were meant."""
        chosen = self.cleaned_data["zone"]
        return zone_named(self.cleaned_data["person"].zone if chosen == OWN else chosen)

    def _read(self, name: str, tz: ZoneInfo) -> None:
        try:
            self.cleaned_data[name] = parse_instant(self.cleaned_data[name], tz, field_name=name)
        except Fault as fault:
            self.add_error(name, str(fault))


class ShiftForm(StretchForm):
    """A shift; with `repeat` one that recurs on the wall of the zone chosen."""

    kind = kind_field()
    roles = roles_field()
    repeat = forms.ChoiceField(label=_("Repeat"), choices=list(REPEATS.items()), required=False)
    field_order = ["person", "kind", "start", "end", "zone", "repeat", "roles"]

    def local(self, name: str) -> datetime:
        """A time of the form as the wall showed it, naive."""
        return self.cleaned_data[name].astimezone(self.zone_read()).replace(tzinfo=None)

    def minutes(self) -> int:
        """The length of the shift on the wall."""
        start, end = (self.local(name).replace(tzinfo=UTC) for name in ("start", "end"))
        return int((end - start).total_seconds() // 60)


class LeaveForm(StretchForm):
    """A stretch in which a person is away."""


class OwnStretchForm(StretchForm):
    """A stretch of one person who is known already: `person` is not asked for."""

    person: Any = None

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.someone = person
        zones = self.fields["zone"]
        assert isinstance(zones, forms.ChoiceField)
        named = dict.fromkeys([settings.PLANNER_ZONE, person.zone, "UTC"])  # UTC shows no hour twice
        zones.choices = [(zone, zone) for zone in named]

    def clean(self) -> dict[str, Any]:
        """As StretchForm, for the person of the page."""
        self.cleaned_data["person"] = self.someone
        return super().clean()

    @staticmethod
    def shown(start: datetime, end: datetime, zone: str) -> dict[str, str]:
        """Two instants as the form shows them at first."""
        tz = zone_named(zone)
        shape = "%Y-%m-%dT%H:%M"
        return {"start": f"{start.astimezone(tz):{shape}}", "end": f"{end.astimezone(tz):{shape}}", "zone": zone}


class MoveForm(OwnStretchForm):
    """A shift begins and ends at other times, or is something else."""

    kind = kind_field()
    roles = roles_field()
    field_order = ["start", "end", "zone", "kind", "roles"]


class OfferForm(OwnStretchForm):
    """A shift, or a part of it, is offered to the others."""

    note = forms.CharField(label=_("A word to the others"), required=False, max_length=200)
    field_order = ["start", "end", "zone", "note"]
