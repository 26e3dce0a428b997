"""Forms of the tempo: which part of what they post is shown, and a date that is known."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.tempo.models import KnownDate
from planner.tempo.selectors import Part


class PartForm(forms.Form):
    """Whose tempo: one source, language, narrative, or all; a value that is no longer there means all."""

    def __init__(self, *args: Any, choices: dict[str, list[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {"source": _("Source"), "language": _("Language"), "narrative": _("Narrative")}
        for name, values in choices.items():
            every = [("", _("all")), *((value, value) for value in values)]
            self.fields[name] = forms.ChoiceField(label=labels[name], choices=every, required=False)

    def part(self) -> Part:
        """What is asked for."""
        self.is_valid()
        return Part(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class KnownDateForm(forms.Form):
    """Name, first and last day on the theatre's calendar, whether every year, a note."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"dir": "auto"}))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("empty: one day only"),
    )
    yearly = forms.BooleanField(label=_("Every year from then on"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("what they did on that day before, or may do"),
    )

    @classmethod
    def of(cls, known: KnownDate) -> "KnownDateForm":
        """The form filled with what is known."""
        return cls(initial={name: getattr(known, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        """Without a last day it is one day."""
        words = self.cleaned_data
        if words.get("first_day") and not words.get("last_day") and "last_day" not in self.errors:
            words["last_day"] = words["first_day"]
        return words
