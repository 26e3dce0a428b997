"""The last word about a night, and people who take turns."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.journal.core.intake import Fault, parse_instant
from planner.people.models import User
from planner.people.selectors import holding
from planner.rosters.core.layers import OverrideAct
from planner.rosters.forms.stretches import Moment, StretchForm, kind_field, roles_field
from planner.rosters.values import ACTING
from planner.wallclock import zone as zone_named

ACTS = {
    OverrideAct.REPLACE.value: _("is replaced by"),
    OverrideAct.REMOVE.value: _("is taken off"),
    OverrideAct.ADD.value: _("is added"),
}
HANDOVERS = {
    "FREQ=WEEKLY": _("every week"),
    "FREQ=WEEKLY;INTERVAL=2": _("every two weeks"),
    "FREQ=DAILY": _("every day"),
    "FREQ=DAILY;INTERVAL=2": _("every second day"),
    "FREQ=MONTHLY": _("every month"),
}
PLACES = 8
DAY = 24 * 60


class OverrideForm(StretchForm):
    """One person is replaced, taken off or added for a stretch; the shifts below stay as they are."""

    act = forms.ChoiceField(label=_("What"), choices=list(ACTS.items()))
    stand_in = forms.ModelChoiceField(User.objects.none(), label=_("By whom"), required=False)
    kind = kind_field()
    roles = roles_field()
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
    field_order = ["person", "act", "stand_in", "start", "end", "zone", "reason", "kind", "roles"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["stand_in"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = holding(*ACTING)
        self.fields["kind"].required = False

    def clean(self) -> dict[str, Any]:
        """Who is replaced needs somebody who stands in; who is added is at the desk or on call."""
        cleaned = super().clean()
        if cleaned.get("act") == OverrideAct.REPLACE and not cleaned.get("stand_in"):
            self.add_error("stand_in", _("Choose who stands in."))
        if cleaned.get("act") == OverrideAct.ADD and not cleaned.get("kind"):
            self.add_error("kind", _("Choose desk or on call."))
        return cleaned


class RotationForm(forms.Form):
    """People in order, the first handover, how often it recurs; and, if wanted, only some hours of each day."""

    name = forms.CharField(label=_("Name"), max_length=80)
    start = forms.CharField(label=_("First handover"), widget=Moment)
    zone = forms.ChoiceField(label=_("Times are in"))
    handover = forms.ChoiceField(label=_("Handover"), choices=list(HANDOVERS.items()))
    hours_from = forms.TimeField(
        label=_("Only from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text=_("every day")
    )
    hours_to = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text=_("may be next day")
    )
    kind = kind_field()
    roles = roles_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["zone"]
        assert isinstance(zones, forms.ChoiceField)
        named = {settings.PLANNER_ZONE, *holding(*ACTING).values_list("zone", flat=True)} - {settings.PLANNER_ZONE}
        zones.choices = [(zone, zone) for zone in (settings.PLANNER_ZONE, *sorted(named))]
        for place in range(1, PLACES + 1):
            label = _("Person %(place)d") % {"place": place}
            person = forms.ModelChoiceField(holding(*ACTING), label=label, required=place < 3)
            self.fields[f"person_{place}"] = person

    def places(self) -> list[forms.BoundField]:
        """The fields of the people, in order."""
        return [self[f"person_{place}"] for place in range(1, PLACES + 1)]

    def people(self) -> list[User]:
        """The people chosen, in order."""
        chosen = (self.cleaned_data.get(f"person_{place}") for place in range(1, PLACES + 1))
        return [person for person in chosen if person is not None]

    def clean_start(self) -> datetime:
        """The first handover on the wall, naive; a time that clocks skip or show twice is refused in words."""
        text = self.cleaned_data["start"]
        zone = zone_named(self.data.get("zone") or settings.PLANNER_ZONE)
        try:
            return parse_instant(text, zone, field_name="start").astimezone(zone).replace(tzinfo=None)
        except Fault as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean(self) -> dict[str, Any]:
        """Hours have a beginning and an end, or neither."""
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("hours_from") is None) != (cleaned.get("hours_to") is None):
            self.add_error("hours_to", _("Give both times, or neither: then a turn lasts around the clock."))
        return cleaned

    def hours(self) -> tuple[Any, int] | None:
        """The hours of each day: their start on the wall, their length in minutes; None for around the clock."""
        start, end = self.cleaned_data["hours_from"], self.cleaned_data["hours_to"]
        if start is None:
            return None
        day = datetime(2000, 1, 1, tzinfo=UTC)
        length = datetime.combine(day, end) - datetime.combine(day, start)
        return start, int(length / timedelta(minutes=1)) % DAY or DAY
