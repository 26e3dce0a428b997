"""What people type into the pages of rebuttals."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.rebuttals.core import limits, words
from planner.rebuttals.core.deadline import CHOICES
from planner.rebuttals.core.verdict import LONGEST, Verdict, tidy
from planner.rebuttals.words import KIND_WORDS, RATING_WORDS, UNIT_WORDS
from planner.wallclock import to_instant

KINDS = list(KIND_WORDS.items())
RATINGS = [(rating.value, words) for rating, words in RATING_WORDS.items()]


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


class VerdictForm(forms.Form):
    """How we rate the claim, and the claim in our own words: asked for with the review, free while a text is kept."""

    rating = forms.ChoiceField(label=_("We rate it"), choices=RATINGS, required=False, widget=forms.RadioSelect)
    claim_words = forms.CharField(
        label=_("What they claim, in our own words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("One sentence. Readers and search engines see it beside the rating."),
    )

    def for_review(self) -> bool:
        """Whether the text goes to somebody else with this press."""
        return "submit" in self.data

    def check_verdict(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Adds `verdict`; says what is missing: both parts or neither, and both once review is asked for.

        None when the form was sent without the two fields: as the version before.
        """
        verdict = Verdict(cleaned.pop("rating", ""), tidy(cleaned.pop("claim_words", "")))
        if not self.for_review() and not {"rating", "claim_words"} & set(self.data):
            return {**cleaned, "verdict": None}
        if self.for_review() and not verdict.is_given and "rating" not in self.errors:
            self.add_error("rating", _("Say how we rate the claim: it is published with the answer."))
        elif verdict.is_given and not verdict.claim_words and "claim_words" not in self.errors:
            self.add_error("claim_words", _("Say in one sentence of our own what they claim."))
        return {**cleaned, "verdict": verdict}


class TextForm(VerdictForm):
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
        return self.check_verdict(cleaned)


class LineTextForm(TextForm):
    """Words to be kept ready for a narrative."""

    field_order = ["narrative", "language", "channel_kind", "text"]
    narrative = forms.ModelChoiceField(
        label=_("Narrative"),
        queryset=Narrative.objects.filter(ended_at=None),
        to_field_name="uuid",
        empty_label=_("choose a narrative"),
    )

    def for_review(self) -> bool:
        """Words for the night are always sent to somebody else."""
        return True


class AskForm(forms.Form):
    """Until when the words must have been cleared."""

    minutes = forms.TypedChoiceField(label=_("To be cleared within"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, usual: int, **kwargs: Any) -> None:
        """`usual`: the minutes that the house gives for such a text."""
        super().__init__(*args, **kwargs)
        said = _("%(length)s, as usual") % {"length": _length(usual)}
        chosen: Any = self.fields["minutes"]
        chosen.choices = [("", said), *((minutes, _length(minutes)) for minutes in CHOICES if minutes != usual)]


def _length(minutes: int) -> str:
    if minutes % 60 or minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    return ngettext("%(count)d h", "%(count)d h", minutes // 60) % {"count": minutes // 60}


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
