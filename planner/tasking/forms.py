"""To whom a task is passed on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import holding
from planner.tasking.services.answering import TAKING


class HandOverForm(forms.Form):
    """Somebody else who may take a task, of those with `roles`. `by` is the person who passes it on."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Hand over to"), empty_label=_("choose a colleague"))

    def __init__(self, *args: Any, by: User, roles: Iterable[Role] = TAKING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = self.fields["to"]
        assert isinstance(colleagues, forms.ModelChoiceField)
        colleagues.queryset = holding(*roles).exclude(pk=by.pk)

    def colleagues(self) -> list[tuple[Any, str]]:
        """The choices as (value, name), for a page that shows them more than once."""
        field: Any = self.fields["to"]
        return list(field.choices)
