"""What people enter about a storyline."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.narratives.models import Narrative


class NarrativeForm(forms.Form):
    """Name, summary and phrases (one a line)."""

    name = forms.CharField(label=_("Name"), max_length=120)
    summary = forms.CharField(label=_("Summary"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 3}))
    phrases = forms.CharField(
        label=_("Phrases"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        help_text=_("One a line: words by which this storyline is recognised, in any language."),
    )

    @classmethod
    def of(cls, narrative: Narrative) -> "NarrativeForm":
        """The form filled with what is known."""
        known: dict[str, Any] = {"name": narrative.name, "summary": narrative.summary}
        return cls(initial={**known, "phrases": "\n".join(narrative.phrases)})

    def clean_phrases(self) -> list[str]:
        """The phrases, without empty lines; none longer than 200 characters."""
        phrases = [line.strip() for line in self.cleaned_data["phrases"].splitlines() if line.strip()]
        for number, phrase in enumerate(phrases, start=1):
            if len(phrase) > 200:
                words = _("Line %(number)s is too long: a phrase has at most 200 characters.")
                raise forms.ValidationError(words % {"number": number})
        return phrases
