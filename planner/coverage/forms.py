"""Forms of coverage: accept a gap with owner, reason and expiry; ask for coverage."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.coverage.core.links import LINKS
from planner.coverage.models import LINK_WORDS, Requirement
from planner.coverage.models import ROLE_CHOICES as MODEL_ROLES
from planner.coverage.words import DAY_WORDS, clock
from planner.journal.core.intake import Fault, parse_instant
from planner.people import selectors as people
from planner.wallclock import WeeklyRule, parse_time
from planner.wallclock import zone as zone_named

ROLE_CHOICES = [("", _("any that does it")), *MODEL_ROLES]
LINK_CHOICES = [(link, LINK_WORDS[link]) for link in LINKS]


class WallTimeField(forms.Field):
    """A date and time on the clocks of `zone`, cleaned to a UTC instant; a time that happens twice is asked about."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"})

    def __init__(self, *, zone: ZoneInfo, **options: Any) -> None:
        self.zone = zone
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """An instant as the wall time that the browser's field shows."""
        return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The UTC instant; raises ValidationError for one that cannot be read or happens twice."""
        if value in self.empty_values:
            return None
        try:
            return parse_instant(str(value), self.zone)
        except Fault as fault:
            raise forms.ValidationError(str(fault)) from None


class InstantField(forms.Field):
    """An instant with its offset, carried along unseen from page to page."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> datetime | None:
        """The UTC instant; raises ValidationError."""
        try:
            return parse_instant(str(value)) if value else None
        except Fault as fault:
            raise forms.ValidationError(str(fault)) from None


class AcceptForm(forms.Form):
    """Choose a gap on purpose."""

    start = InstantField()
    end = InstantField()
    links = forms.MultipleChoiceField(
        label=_("Links that may be missing"), choices=LINK_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Why nobody needs to be there. The next reader sees this sentence."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Owner"), queryset=people.active(), help_text=_("who answers for it")
        )
        self.fields["expires_at"] = WallTimeField(
            zone=zone,
            label=_("Expires (%(zone)s)") % {"zone": zone.key},
            help_text=_("From then on the gap counts as open again."),
        )


class RequirementForm(forms.Form):
    """Ask for people for a link at weekly wall times."""

    link = forms.ChoiceField(label=_("Link"), choices=LINK_CHOICES)
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, required=False)
    language = forms.CharField(
        label=_("Language"), required=False, max_length=16, help_text=_("a code such as ar; empty: any language")
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=list(enumerate(DAY_WORDS)), widget=forms.CheckboxSelectMultiple
    )
    begins = forms.CharField(label=_("From"), initial="00:00", max_length=5)
    ends = forms.CharField(
        label=_("To"), initial="24:00", max_length=5, help_text=_("24:00 is midnight; before “from”: the next day")
    )
    zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("whose clocks, such as Asia/Baghdad"))
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=500, initial=1)

    def clean_begins(self) -> int:
        """Minutes after midnight, 0 to 1439."""
        minutes = _minutes(self.cleaned_data["begins"])
        if minutes == 1440:
            raise forms.ValidationError(_("A day starts at 00:00: write that, or the time before midnight."))
        return minutes

    def clean_ends(self) -> int:
        """Minutes after midnight, 0 to 1440."""
        return _minutes(self.cleaned_data["ends"])

    def clean_zone(self) -> str:
        """The name of a zone of the IANA database."""
        try:
            return zone_named(self.cleaned_data["zone"]).key
        except ValueError as unknown:
            raise forms.ValidationError(str(unknown)) from None

    def clean(self) -> dict[str, Any]:
        """Adds `rule`, the WeeklyRule."""
        words = self.cleaned_data
        if not self.errors:
            if words["begins"] == words["ends"]:
                self.add_error("ends", _("The same as “from”: for the whole day write 00:00 to 24:00."))
            else:
                words["rule"] = WeeklyRule(frozenset(words["days"]), words["begins"], words["ends"], words["zone"])
        return words

    @staticmethod
    def values_of(requirement: Requirement) -> dict[str, Any]:
        """The initial values that show a requirement."""
        return {
            "link": requirement.link,
            "language": requirement.language,
            "role": requirement.role,
            "days": requirement.days,
            "begins": clock(requirement.from_minute),
            "ends": clock(requirement.to_minute),
            "zone": requirement.zone,
            "people": requirement.people,
        }


def day_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    return [str(name) for name in DAY_WORDS]


def _minutes(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError as fault:
        raise forms.ValidationError(str(fault)) from None
