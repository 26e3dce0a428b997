"""What people type about a cleared line: its scope when it is signed, and for which claim it goes out."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.people.models import ROLE_WORDS, User
from planner.people.selectors import holding
from planner.rebuttals.core.scope import RELEASE_ROLES, answers_in
from planner.rebuttals.forms import KINDS, WallTimeField
from planner.rebuttals.models import Draft


class SignForm(forms.Form):
    """The scope of a cleared line over the words of `draft`: for which claims, when, how often, where, by whom."""

    starts = WallTimeField(label=_("From"))
    ends = WallTimeField(label=_("Until"))
    maximum_uses = forms.IntegerField(label=_("At most so many claims"), min_value=1, max_value=100, initial=1)
    also = forms.ModelMultipleChoiceField(
        Narrative.objects.none(),
        label=_("Also for claims of"),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Only for claims in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every language."),
    )
    channel_kinds = forms.MultipleChoiceField(
        label=_("Only on"),
        choices=[kind for kind in KINDS if kind[0]],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every channel."),
    )
    release_roles = forms.MultipleChoiceField(
        label=_("Who may release it: every"),
        choices=[(role.value, ROLE_WORDS[role]) for role in RELEASE_ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    release_people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("and, by name"),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, draft: Draft, spoken: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._language = draft.language
        fields: dict[str, Any] = self.fields
        others = Narrative.objects.filter(ended_at=None)
        fields["also"].queryset = others.exclude(rebuttals=draft.rebuttal_id)
        fields["release_people"].queryset = holding(*RELEASE_ROLES)
        known = dict.fromkeys([draft.language, *spoken])
        fields["languages"].choices = [(language, language) for language in known]
        if draft.channel_kind:
            del self.fields["channel_kinds"]

    def clean(self) -> dict[str, Any]:
        """Somebody may release it, and it answers the language in which it is written."""
        cleaned = super().clean() or {}
        if not cleaned.get("release_roles") and not cleaned.get("release_people"):
            self.add_error("release_roles", _("Say who may release the line: a role, or people by name."))
        if not answers_in(cleaned.get("languages") or (), self._language):
            words = _("The words are in %(language)s: choose this language, too, or none.")
            self.add_error("languages", forms.ValidationError(words, params={"language": self._language}))
        return cleaned


class ReleaseForm(forms.Form):
    """For which claim a line goes out."""

    claim = forms.ModelChoiceField(
        label=_("Claim"), queryset=Claim.objects.none(), to_field_name="uuid", empty_label=_("choose a claim")
    )

    def __init__(self, *args: Any, claims: QuerySet[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["claim"]
        chosen.queryset = claims
