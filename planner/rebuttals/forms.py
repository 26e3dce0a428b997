"""What people type into the pages of rebuttals."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from planner.narratives.models import Narrative
from planner.rebuttals import languages, selectors
from planner.rebuttals.core import limits, words
from planner.rebuttals.core.deadline import CHOICES
from planner.rebuttals.core.languages import canonical, direction
from planner.rebuttals.core.threads import MOST_PARTS, as_sent
from planner.rebuttals.core.verdict import LONGEST, Verdict, tidy
from planner.rebuttals.words import KIND_WORDS, RATING_WORDS, UNIT_WORDS
from planner.wallclock import to_instant

KINDS = list(KIND_WORDS.items())
PAGE_FORM = "texts"  # the form of the editor's page
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
        return "submit" in self.data and self.data["submit"] in ("1", self.prefix or "1")

    def check_verdict(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Adds `verdict`; says what is missing: both parts or neither, and both once review is asked for.

        None when the form was sent without the two fields: as the version before.
        """
        verdict = Verdict(cleaned.pop("rating", ""), tidy(cleaned.pop("claim_words", "")))
        sent = {self.add_prefix(name) for name in ("rating", "claim_words")} & set(self.data)
        if not self.for_review() and not sent:
            return {**cleaned, "verdict": None}
        if self.for_review() and not verdict.is_given and "rating" not in self.errors:
            self.add_error("rating", _("Say how we rate the claim: it is published with the answer."))
        elif verdict.is_given and not verdict.claim_words and "claim_words" not in self.errors:
            self.add_error("claim_words", _("Say in one sentence of our own what they claim."))
        return {**cleaned, "verdict": verdict}


class LanguageSelect(forms.Select):
    """Every language by its own name, those of our texts first. What is asked for is never missing."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        self.choices = languages.choices([*selectors.languages_used(), *value])
        return super().optgroups(name, value, attrs)


class WordsField(forms.CharField):
    """Words as they are kept: other line ends and space around them are no change."""

    def to_python(self, value: Any) -> str:
        return words.tidy(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other words stand there."""
        return words.tidy(initial or "") != words.tidy(data or "")


class TextForm(VerdictForm):
    """One text: which language, which kind of channel, the words, and the version that its author had read."""

    language = forms.CharField(label=_("Language"), widget=LanguageSelect)
    channel_kind = forms.ChoiceField(label=_("For"), choices=KINDS, required=False, initial="")
    text = WordsField(
        label=_("Text"),
        max_length=4 * limits.HOUSE_MOST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "data-words": True}),
        error_messages={"required": _("The text is empty: write what we say.")},
    )
    base_version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_language(self) -> str:
        """A language tag as it is kept."""
        try:
            return canonical(str(self.cleaned_data["language"]))
        except ValueError:
            raise forms.ValidationError(_("This is not a language tag: write en, ar, ar-IQ …")) from None

    def clean(self) -> dict[str, Any]:
        """The text can fit a channel of the kind for which it is written; whether it fits each, the page says."""
        cleaned = super().clean() or {}
        kind = cleaned.get("channel_kind") or ""
        posts = as_sent(cleaned.get("text") or "", kind)
        if len(posts) > MOST_PARTS:
            many = {"parts": len(posts), "most": MOST_PARTS}
            problem = _("The text has %(parts)s parts; a thread has at most %(most)s.")
            self.add_error("text", forms.ValidationError(problem, params=many))
        if count := next(filter(None, (limits.beyond(kind, post) for post in posts)), None):
            known = {"length": count.used, "limit": count.most, "unit": UNIT_WORDS[count.unit]}
            problem = _("The text has %(length)s %(unit)s; at most %(limit)s fit: shorten it.")
            self.add_error("text", forms.ValidationError(problem, params=known))
        return self.check_verdict(cleaned)


class CardForm(TextForm):
    """A text among others on one page: its fields stand beside the form that sends them all (`PAGE_FORM`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.prefix:  # language and kind are what names the text: chosen once
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["channel_kind"].widget = forms.HiddenInput()
        tie(self)
        language = str(self["language"].value() or "")
        written: Any = self.fields["text"]
        written.widget.attrs |= {"lang": language, "dir": direction(language) if self.prefix else "auto"}


class AddForm(forms.Form):
    """Another text of the same answer: in which language, for which kind of channel, begun with whose words."""

    prefix = "add"
    language = forms.CharField(label=_("Language"), widget=LanguageSelect)
    channel_kind = forms.ChoiceField(label=_("For"), choices=KINDS, required=False, initial="")
    copied = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, texts: list[tuple[str, str]], **kwargs: Any) -> None:
        """`texts`: the texts on the page, (key, name)."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["copied"]
        chosen.choices = [("", _("an empty text")), *texts]
        tie(self)

    clean_language = TextForm.clean_language


def tie(form: forms.Form) -> None:
    """Send these fields with the editor's page, wherever on it they stand."""
    for field in form.fields.values():
        field.widget.attrs["form"] = PAGE_FORM


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
