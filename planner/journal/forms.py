"""What a reader of the journal may ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.journal.models import MILESTONE_WORDS


class JournalFilter(forms.Form):
    """Filters of the journal page, all optional; `before` pages back through older entries."""

    claim = forms.UUIDField(
        label=_("Claim"),
        required=False,
        error_messages={
            "invalid": _("This is not a claim's identifier. Copy it from the claim's page or its address.")
        },
    )
    actor = forms.CharField(label=_("Who"), required=False, max_length=150)
    subject = forms.CharField(label=_("About"), required=False, max_length=200)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = sorted(
            ((milestone.value, word) for milestone, word in MILESTONE_WORDS.items()), key=lambda m: str(m[1])
        )
        self.fields["milestone"] = forms.ChoiceField(
            label=_("What happened"), required=False, choices=[("", _("anything")), *words]
        )
        self.fields["actor"].widget = forms.Select(choices=[("", _("anybody")), *((name, name) for name in actors)])
