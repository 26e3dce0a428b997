"""What a roster manager fills in about a calendar that is polled."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.people.models import User
from planner.people.selectors import holding
from planner.rosters.calendars.rows import CalendarSource
from planner.rosters.models import Team
from planner.rosters.values import ACTING

KIND_CHOICES = [("", _("desk, unless an event says otherwise")), ("on_call", _("on call")), ("leave", _("leave"))]
EVERY = {15: _("every 15 minutes"), 60: _("every hour"), 360: _("every 6 hours"), 1440: _("once a day")}


class SourceForm(forms.Form):
    """Where a calendar is, and how it is to be read."""

    name = forms.CharField(label=_("Name"), max_length=120)
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
        help_text=_("as the calendar's owner shares it: https://… or webcal://…, ending in .ics"),
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Whose"),
        required=False,
        empty_label=_("its events say who"),
        help_text=_("one person's calendar: every event in it is theirs"),
    )
    kind = forms.ChoiceField(label=_("Its events are"), choices=KIND_CHOICES, required=False)
    zone = forms.ChoiceField(
        label=_("Times without a zone"), required=False, help_text=_("only where the calendar names none itself")
    )
    every_minutes = forms.TypedChoiceField(label=_("Ask it"), choices=list(EVERY.items()), coerce=int, initial=60)

    def __init__(self, *args: Any, source: CalendarSource | None = None, **kwargs: Any) -> None:
        if source:
            names = ("name", "url", "team", "person", "kind", "zone", "every_minutes")
            kwargs["initial"] = {name: getattr(source, name) for name in names}
        super().__init__(*args, **kwargs)
        teams, people, zones, every = (self.fields[name] for name in ("team", "person", "zone", "every_minutes"))
        assert isinstance(teams, forms.ModelChoiceField)
        assert isinstance(people, forms.ModelChoiceField)
        assert isinstance(zones, forms.ChoiceField)
        assert isinstance(every, forms.ChoiceField)
        teams.queryset, people.queryset = Team.objects.order_by("name"), holding(*ACTING)
        zones.choices = [("", _("none")), *((name, name) for name in sorted(available_timezones()))]
        if source and source.every_minutes not in EVERY:
            minutes = source.every_minutes
            every.choices = [(minutes, _("every %(minutes)s minutes") % {"minutes": minutes}), *EVERY.items()]
