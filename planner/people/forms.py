"""What an administrator fills in about a person."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from planner.people import services
from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User


class PersonForm(forms.ModelForm):
    """A person in the admin. Roles are chosen here, but written by `services.grant_roles`."""

    given_roles = forms.MultipleChoiceField(
        label=_("roles"),
        choices=[(role.value, ROLE_WORDS[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    zone = forms.ChoiceField(
        label=_("time zone"),
        choices=[(zone, zone) for zone in sorted(zoneinfo.available_timezones())],
        widget=UnfoldAdminSelectWidget,
    )
    languages = forms.CharField(
        label=_("languages"),
        help_text=_("codes separated by spaces: en ar"),
        widget=UnfoldAdminTextInputWidget,
        required=False,
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "zone", "languages", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["given_roles"] = self.instance.roles
        self.initial["languages"] = " ".join(self.instance.languages)

    def clean_languages(self) -> list[str]:
        """The codes as a list, in lower case, each once."""
        words = self.cleaned_data["languages"].replace(",", " ").replace(";", " ").lower().split()
        return list(dict.fromkeys(words))

    def clean(self) -> dict[str, Any]:
        """Somebody must be left who can give roles."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            kept = cleaned.get("given_roles", []) if cleaned.get("is_active") else []
            try:
                services.check_administrators(self.instance, roles=kept)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return cleaned
