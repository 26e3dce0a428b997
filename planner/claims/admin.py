"""The rarely touched table of claims: which outlets and accounts are watched, and what each is."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from planner.claims.core.words import SourceKind
from planner.claims.models import Source
from planner.people.administration import AdministratorAdmin

KIND_WORDS = {
    SourceKind.ADVERSARY.value: _("adversary"),
    SourceKind.AMPLIFIER.value: _("amplifier"),
    SourceKind.MEDIA.value: _("media"),
}


class SourceForm(forms.ModelForm):
    """What a source is comes from a closed list, as the database holds it."""

    kind = forms.ChoiceField(label=_("kind"), choices=list(KIND_WORDS.items()), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Source
        fields = ["name", "kind", "url", "is_outlet", "ended_at"]


@admin.register(Source)
class SourceAdmin(AdministratorAdmin):
    """Sources. Their sightings and claims are read on the product's own pages."""

    form = SourceForm
    list_display = ["name", "kind", "is_outlet", "url", "ended_at"]
    list_filter = ["kind"]
    search_fields = ["name"]
    fields = ["name", "kind", "url", "is_outlet", "ended_at"]
