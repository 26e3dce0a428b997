"""What people enter about claims. Times are those of the theatre's clocks."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.claims import selectors
from planner.claims.core.words import Decision, Severity
from planner.claims.models import SEVERITY_WORDS, Claim
from planner.journal.core.intake import Fault, parse_instant
from planner.narratives.models import Narrative
from planner.wallclock import zone

SEVERITIES = [(severity.value, SEVERITY_WORDS[severity.value]) for severity in Severity]
TAB_WORDS = {
    "open": _("Open"),
    "answered": _("Answered"),
    "declined": _("No public answer"),
    "merged": _("Merged"),
    "all": _("All"),
}


class Moment(forms.CharField):
    """A local date and time in the theatre's zone → an aware instant in UTC; also takes ISO 8601 with an offset.

    A time that the clocks skip or show twice is refused, and then the field becomes a text field, so that the offset
    can be written.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(zone(settings.PLANNER_ZONE)).strftime("%Y-%m-%dT%H:%M")
        return value

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_instant(text, zone(settings.PLANNER_ZONE))
        except Fault as fault:
            self.widget.input_type = "text"
            raise forms.ValidationError(str(fault)) from None


class InboxFilter(forms.Form):
    """What the inbox shows; an empty field means everything."""

    state = forms.ChoiceField(choices=list(TAB_WORDS.items()), required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Words"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", _("any")), *SEVERITIES], required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    narrative = forms.ChoiceField(label=_("Narrative"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("any"))]
        languages: Any = self.fields["language"]
        languages.choices = [*anything, *((code, code) for code in selectors.languages())]
        narratives: Any = self.fields["narrative"]
        names = Narrative.objects.values_list("uuid", "name")
        narratives.choices = [*anything, *((str(uuid), name) for uuid, name in names)]


class ClaimForm(forms.Form):
    """A claim by hand, or from a flood or a sighting."""

    text = forms.CharField(label=_("What is claimed"), max_length=100_000, widget=forms.Textarea({"rows": 4}))
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITIES, initial=Severity.MEDIUM.value)
    narrative = forms.ModelChoiceField(label=_("Narrative"), queryset=Narrative.objects.all(), required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False, help_text=_("Outlet or account."))
    language = forms.CharField(label=_("Language"), max_length=16, required=False, help_text=_("Like ar or en."))
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    broke_earliest = Moment(label=_("Broke at the earliest"))
    broke_latest = Moment(label=_("Broke at the latest"), required=False)
    evidence = forms.CharField(
        label=_("How do we know when"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Time in %(place)s.") % {"place": settings.PLANNER_ZONE.rsplit("/", 1)[-1].replace("_", " ")}
        self.fields["broke_earliest"].help_text = words
        self.fields["broke_latest"].help_text = _("Leave empty when the moment is certain.")


class DecisionForm(forms.Form):
    """Watch or decline; answering opens a task, and lives with tasks."""

    decision = forms.ChoiceField(choices=[(word.value, word.value) for word in (Decision.WATCH, Decision.DECLINE)])
    reason = forms.CharField(label=_("Why"), max_length=2_000, required=False, widget=forms.Textarea({"rows": 2}))


class RetractionForm(forms.Form):
    """How its source took a claim back."""

    reason = forms.CharField(
        label=_("How did they take it back, and where is it to be seen?"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
    )


class CorrectionForm(forms.Form):
    """When it broke, with the evidence; how grave it is; which storyline it belongs to."""

    broke_earliest = Moment(label=_("Broke at the earliest"))
    broke_latest = Moment(label=_("Broke at the latest"))
    evidence = forms.CharField(label=_("How do we know when"), max_length=10_000, widget=forms.Textarea({"rows": 2}))
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITIES)
    narrative = forms.ModelChoiceField(label=_("Narrative"), queryset=Narrative.objects.all(), required=False)


class MergeForm(forms.Form):
    """The claim into which this one goes, chosen among those like it and those just before."""

    into = forms.ModelChoiceField(
        label=_("Merge into"), queryset=Claim.objects.none(), to_field_name="uuid", empty_label=_("choose a claim")
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = selectors.merge_targets(claim)


class PickUpForm(forms.Form):
    """An outlet that carried the claim."""

    outlet = forms.CharField(label=_("Outlet"), max_length=200, widget=forms.TextInput({"list": "outlets"}))
    at = Moment(label=_("At"))
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    carried = forms.BooleanField(label=_("Our answer was carried"), required=False)
