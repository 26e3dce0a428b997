"""What a roster manager fills in: a shift, once or again and again, and leave."""

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


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class StretchForm(forms.Form):
    """A person and two wall times, read in the theatre's zone or in the person's own."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    start = forms.CharField(label=_("Start"), widget=_Moment)
    end = forms.CharField(label=_("End"), widget=_Moment)
    zone = forms.ChoiceField(label=_("Times are in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, zones = self.fields["person"], self.fields["zone"]
        assert isinstance(people, forms.ModelChoiceField)
        assert isinstance(zones, forms.ChoiceField)
        theatre = settings.PLANNER_ZONE
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

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, DUTY_WORDS[kind.value]) for kind in DutyKind])
    roles = forms.MultipleChoiceField(
        label=_("Acts as"),
        choices=[(role.value, ROLE_WORDS[role]) for role in ROLE_WORDS if role in ACTING],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("none ticked: in every role the person holds"),
    )
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
