"""What people ask of the pages that look across."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.rebuttals.forms import WallTimeField

FURTHEST = timedelta(days=3)


class UntilForm(forms.Form):
    """Until when the night lasts that is looked at: a wall time of the theatre, within three days."""

    until = WallTimeField(label=_("Until"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def clean_until(self) -> datetime:
        """A moment ahead, not too far."""
        until: datetime = self.cleaned_data["until"]
        if until <= self._now:
            raise forms.ValidationError(_("This moment has passed: choose a later one."))
        if until > self._now + FURTHEST:
            raise forms.ValidationError(_("Choose a moment within three days: farther ahead, look at Coverage."))
        return until
