"""What a roster manager fills in to ask for a plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.planning.services import LARGEST_HOURS, LONGEST_DAYS


class AskForm(forms.Form):
    """For how many days, within how many paid hours."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST_DAYS, initial=14)
    hours = forms.FloatField(label=_("Paid hours"), min_value=0, max_value=LARGEST_HOURS, initial=40)
