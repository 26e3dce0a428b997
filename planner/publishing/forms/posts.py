"""What people type about posts, checked field by field. Wall times are those of the theatre's zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.publishing.core.states import WithdrawIf
from planner.publishing.models import Channel, Post
from planner.publishing.words import WITHDRAW_WORDS
from planner.rebuttals.models import Release
from planner.wallclock import is_ambiguous, is_nonexistent, to_instant, zone

DEFAULT_LIFE = timedelta(hours=4)
WALL_FORMAT = "%Y-%m-%dT%H:%M"
CHOSEN = (WithdrawIf.CLAIM, WithdrawIf.CHANNEL)
WHICH = [("", _("there is only one")), ("0", _("the first time")), ("1", _("the second time"))]


class WallTimeField(forms.Field):
    """A local date and time as the browser's own field gives it; a naive datetime."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL_FORMAT)
    default_error_messages = {"shape": _("Give a date and a time, like 2014-06-09 22:30.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        text = str(value).strip().replace(" ", "T")
        for shape in (WALL_FORMAT, "%Y-%m-%dT%H:%M:%S"):
            try:
                return datetime.strptime(text, shape)  # noqa: DTZ007 - a wall time carries no zone of its own
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["shape"])


def taken(data: QueryDict) -> QueryDict:
    """What was posted, filled in with the slot whose button was pressed: `slot`, "channel due expiry seal".

    The seal confirms the warnings that stood beside the button. A slot that cannot be read fills nothing in.
    """
    try:
        channel, *moments, seal = data.get("slot", "").split()
        due_at, expires_at = map(datetime.fromisoformat, moments)
    except ValueError:
        return data
    filled, tz = data.copy(), zone(settings.PLANNER_ZONE)
    due, expires = (moment.astimezone(tz) for moment in (due_at, expires_at))
    filled.setlist("channels", [channel])
    filled["due_local"], filled["expires_local"] = f"{due:{WALL_FORMAT}}", f"{expires:{WALL_FORMAT}}"
    filled["due_which"] = str(due.fold) if is_ambiguous(due.replace(tzinfo=None), tz) else ""
    filled["seen"] = seal
    return filled


class Moments(forms.Form):
    """A form with wall times of the theatre's zone, and the question which of an hour that happens twice."""

    due_which = forms.ChoiceField(label=_("Which one, if that hour happens twice"), choices=WHICH, required=False)

    def instant(self, field: str, which: str) -> datetime | None:
        """The instant of a wall time, or an error that explains what the clocks do that night."""
        local = self.cleaned_data[field]
        tz = zone(settings.PLANNER_ZONE)
        if is_nonexistent(local, tz):
            self.add_error(field, _skipped(local, tz))
            return None
        if is_ambiguous(local, tz) and which == "":
            self.add_error("due_which", _twice(local, tz))
            return None
        return to_instant(local, tz, fold=int(which or 0))


class MoveForm(Moments):
    """Where a scheduled post is moved to. `cleaned_data` holds aware `due_at` and `expires_at`."""

    due_local = WallTimeField(label=_("Move to"))
    expires_local = WallTimeField(label=_("Never after"), required=False, help_text=_("Empty: as it was."))
    seen = forms.CharField(required=False)

    def __init__(self, *args: Any, expires_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expires_at = expires_at
        self.fields["due_local"].help_text = gettext("Wall time in %(zone)s.") % {"zone": settings.PLANNER_ZONE}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "due_local" not in self.errors:
            cleaned["due_at"] = self.instant("due_local", cleaned.get("due_which", ""))
        if "expires_local" not in self.errors:
            given = cleaned.get("expires_local")
            cleaned["expires_at"] = self.instant("expires_local", "1") if given else self._expires_at
        return cleaned


class ScheduleForm(Moments):
    """One approved text onto channels at a moment. `cleaned_data` holds aware `due_at`, `expires_at`, `not_before`.

    `seen`: the seal of the warnings that the person ticked (publishing/foreseen.py).
    """

    channels = forms.ModelMultipleChoiceField(
        label=_("Channels"),
        queryset=Channel.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one channel.")},
    )
    release = forms.ModelChoiceField(label=_("Released for the claim"), queryset=Release.objects.none(), required=False)
    due_local = WallTimeField(label=_("Due"), error_messages={"required": _("Say when, or use “Send now”.")})
    expires_local = WallTimeField(
        label=_("Never after"), required=False, help_text=_("Empty: four hours after it is due.")
    )
    not_before_local = WallTimeField(
        label=_("Not before"),
        required=False,
        help_text=_("An embargo: until then nothing sends it and nobody moves it."),
    )
    withdraw_if = forms.TypedMultipleChoiceField(
        label=_("Stop it by itself when"),
        choices=[(reason.value, WITHDRAW_WORDS[reason]) for reason in CHOSEN],
        coerce=WithdrawIf,
        initial=[reason.value for reason in CHOSEN],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Always: when its approval is withdrawn, or the words are edited."),
    )
    seen = forms.CharField(required=False)

    def __init__(self, *args: Any, channels: Any, releases: Any, at_once: bool, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at_once, self._now = at_once, now
        self.fields["due_local"].required = not at_once
        fields: dict[str, Any] = self.fields
        fields["channels"].queryset = channels
        if releases is None:
            del self.fields["release"]
        else:
            fields["release"].queryset = releases
            fields["release"].required = True
            fields["release"].label_from_instance = lambda release: str(release.claim)
        self.fields["due_local"].help_text = gettext("Wall time in %(zone)s.") % {"zone": settings.PLANNER_ZONE}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._at_once:
            cleaned["due_at"] = self._now
        elif "due_local" not in self.errors:
            cleaned["due_at"] = self.instant("due_local", cleaned.get("due_which", ""))
        due_at = cleaned.get("due_at")
        if due_at is not None and "expires_local" not in self.errors:
            given = cleaned.get("expires_local")
            cleaned["expires_at"] = self.instant("expires_local", "1") if given else due_at + DEFAULT_LIFE
        # Of an hour that happens twice the second: an embargo is kept in doubt.
        cleaned["not_before"] = self.instant("not_before_local", "1") if cleaned.get("not_before_local") else None
        return cleaned


def _skipped(local: datetime, tz: ZoneInfo) -> str:
    words = {"time": f"{local:%H:%M}", "zone": tz.key, "next": f"{to_instant(local, tz).astimezone(tz):%H:%M}"}
    return gettext("%(time)s does not exist that night in %(zone)s: the clocks jump over it to %(next)s.") % words


def _twice(local: datetime, tz: ZoneInfo) -> str:
    first, second = (to_instant(local, tz, fold=fold).astimezone(tz) for fold in (0, 1))
    words = {"time": f"{local:%H:%M}", "zone": tz.key, "first": f"{first:%z}", "second": f"{second:%z}"}
    return (
        gettext(
            "%(time)s happens twice that night in %(zone)s (at UTC%(first)s, then at UTC%(second)s): say which one."
        )
        % words
    )


class ReasonForm(forms.Form):
    """Why something is stopped or held."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say why: somebody will ask.")}
    )


class LateForm(forms.Form):
    """What a person decided about late posts."""

    SEND, STOP = "send", "stop"
    post = forms.ModelMultipleChoiceField(
        queryset=Post.objects.select_related("channel").order_by("due_at"), to_field_name="uuid"
    )
    decision = forms.ChoiceField(choices=[(SEND, _("Send now")), (STOP, _("Stop"))])


class SettleForm(forms.Form):
    """What a person saw when they looked at the channel."""

    published = forms.ChoiceField(
        label=_("Is it public?"),
        choices=[("yes", _("Yes, I have seen it there")), ("no", _("No, it is not there"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Look at the channel, then say yes or no.")},
    )
    note = forms.CharField(label=_("How you know"), max_length=250, required=False)
