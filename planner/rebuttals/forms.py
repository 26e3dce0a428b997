"""What people type into the pages of rebuttals."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.rebuttals.core import limits, words
from planner.rebuttals.words import KIND_WORDS, UNIT_WORDS
from planner.wallclock import to_instant

KINDS = list(KIND_WORDS.items())


class WallTimeField(forms.Field):
    """A moment typed as wall time in the theatre's zone; its value is the instant (UTC)."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("“%(value)s” is not a date and time: write it like 2026-06-09 22:30.")}

    def to_python(self, value: Any) -> datetime | None:
        """The instant of the text; the first of the two where clocks show it twice."""
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            wall = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid", {"value": value}) from None
        return to_instant(wall, ZoneInfo(settings.PLANNER_ZONE)) if wall.tzinfo is None else wall

    def prepare_value(self, value: Any) -> Any:
        """An instant as wall time in the theatre's zone."""
        return value.astimezone(ZoneInfo(settings.PLANNER_ZONE)) if isinstance(value, datetime) else value


class TextForm(forms.Form):
    """One text: which language, which kind of channel, the words, and the version that its author had read."""

    language = forms.CharField(
        label=_("Language"),
        max_length=16,
        help_text=_("en, ar, ar-IQ …"),
        widget=forms.TextInput({"list": "languages"}),
    )
    channel_kind = forms.ChoiceField(label=_("For"), choices=KINDS, required=False)
    text = forms.CharField(
        label=_("Text"),
        max_length=4 * limits.HOUSE_MOST,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto", "data-counted": "text-count"}),
        error_messages={"required": _("The text is empty: write what we say.")},
    )
    base_version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_language(self) -> str:
        """A language tag as the database keeps it."""
        language = str(self.cleaned_data["language"]).strip()
        if not words.LANGUAGE.fullmatch(language):
            raise forms.ValidationError(_("This is not a language tag: write en, ar, ar-IQ …"))
        return language

    def clean(self) -> dict[str, Any]:
        """The text fits the kind of channel for which it is written."""
        cleaned = super().clean() or {}
        for count in limits.counts(cleaned.get("channel_kind") or "", words.tidy(cleaned.get("text") or "")):
            if not count.fits:
                known = {"length": count.used, "limit": count.most, "unit": UNIT_WORDS[count.unit]}
                problem = _("The text has %(length)s %(unit)s; at most %(limit)s fit: shorten it.")
                self.add_error("text", forms.ValidationError(problem, params=known))
        return cleaned


class LineTextForm(TextForm):
    """Words to be kept ready for a narrative."""

    field_order = ["narrative", "language", "channel_kind", "text"]
    narrative = forms.ModelChoiceField(
        label=_("Narrative"),
        queryset=Narrative.objects.filter(ended_at=None),
        to_field_name="uuid",
        empty_label=_("choose a narrative"),
    )


class RefuseForm(forms.Form):
    """Why the words may not go out."""

    comment = forms.CharField(
        label=_("What is wrong, and what would be right"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say what is wrong with the text, so that its author can mend it.")},
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say why: whoever sees a stopped post will ask.")},
    )


class SignForm(forms.Form):
    """The scope of a cleared line."""

    starts = WallTimeField(label=_("From"))
    ends = WallTimeField(label=_("Until"))
    maximum_uses = forms.IntegerField(label=_("At most so many claims"), min_value=1, max_value=100, initial=1)
    channel_kinds = forms.MultipleChoiceField(
        label=_("Only on"),
        choices=[kind for kind in KINDS if kind[0]],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every channel."),
    )


class ReleaseForm(forms.Form):
    """For which claim a line goes out."""

    claim = forms.ModelChoiceField(
        label=_("Claim"), queryset=Claim.objects.none(), to_field_name="uuid", empty_label=_("choose a claim")
    )

    def __init__(self, *args: Any, claims: QuerySet[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["claim"]
        chosen.queryset = claims
