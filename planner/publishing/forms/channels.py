"""One form for each kind of channel, in the words of its platform. Secrets are written, never shown.

A form names which of its fields are options of the adapter (`OPTIONS`) and which are secret (`SECRETS`).
"""

import json
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.publishing.models import Channel
from planner.rebuttals.core import limits
from planner.rebuttals.words import UNIT_WORDS

MANNERS = ["spacing_minutes", "quiet_from", "quiet_to", "half_life_minutes", "credential_ends_on"]
ABOUT = ["name", "owner", "attribution", "languages"]


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ChannelForm(forms.ModelForm):
    """What every entry of the register has: who owns it, in whose name it speaks, how often and when."""

    OPTIONS: ClassVar[tuple[str, ...]] = ()
    SECRETS: ClassVar[tuple[str, ...]] = ("secret",)
    HERE: ClassVar[tuple[str, ...]] = ("address", "secret")  # the fields of the platform, first on the page
    KIND: ClassVar[str] = ""

    languages = forms.CharField(
        label=_("Languages"), required=False, help_text=_("Codes with spaces between, such as: en ar. Empty: all.")
    )

    class Meta:
        model = Channel
        fields = ("name", "owner", "attribution", "limit", *MANNERS)
        labels = {
            "name": _("Name on our pages"),
            "owner": _("Who looks after it"),
            "attribution": _("Speaks as"),
            "spacing_minutes": _("Minutes between two posts"),
            "quiet_from": _("Quiet from"),
            "quiet_to": _("Quiet until"),
            "half_life_minutes": _("A post loses half its reach in … minutes"),
            "credential_ends_on": _("Its credential ends on"),
        }
        help_texts = {
            "attribution": _("The organisation's own name."),
            "spacing_minutes": _("Closer posts are warned of, never refused. 0: as they come."),
            "quiet_from": _("Hours of the theatre in which a post is warned of. Empty: none."),
            "quiet_to": "",
            "half_life_minutes": _("An assumption: 80 where you have not measured it."),
            "credential_ends_on": _("If you know it: people are told two weeks before, and again as it comes nearer."),
        }
        widgets = {
            "quiet_from": _clock(),
            "quiet_to": _clock(),
            "credential_ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entered = self.instance.pk is not None
        self._limit()
        for name in self.HERE:  # addresses, handles and keys run from left to right in every language
            self.fields[name].widget.attrs.setdefault("dir", "ltr")
        if entered:
            self.fields["languages"].initial = " ".join(self.instance.languages)
            for name in self.OPTIONS:
                self.fields[name].initial = self.shown(name, self.instance.options.get(name))
            if "address" in self.fields:
                self.fields["address"].initial = self.instance.address
        for name in ("spacing_minutes", "half_life_minutes"):
            self.fields[name].required = False
        for name in self.SECRETS:
            self.fields[name].required = not entered
            if entered:
                self.fields[name].help_text = gettext("Empty: the secret stays as it is.")
        self.order_fields([*ABOUT[:1], *self.HERE, *ABOUT[1:], "limit", *MANNERS])

    def clean_languages(self) -> list[str]:
        """Codes in lower case, each once, in the order given."""
        return list(dict.fromkeys(self.cleaned_data["languages"].replace(",", " ").lower().split()))

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends."""
        cleaned = super().clean() or {}
        for one, other in (("quiet_from", "quiet_to"), ("quiet_to", "quiet_from")):
            if cleaned.get(one) and not cleaned.get(other) and other not in self.errors:
                self.add_error(other, gettext("Quiet hours need both ends."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The cleaned fields as the services take them, `secret` "" where none was entered."""
        cleaned = dict(self.cleaned_data)
        for name in ("spacing_minutes", "half_life_minutes"):
            if cleaned[name] is None:
                cleaned[name] = getattr(Channel(), name)
        options = {name: self.kept(name, cleaned.pop(name)) for name in self.OPTIONS}
        secret = self.secret_of({name: cleaned.pop(name, "") for name in self.SECRETS})
        return {**cleaned, "options": {**self.instance.options, **options}, "secret": secret}

    def shown(self, name: str, value: Any) -> Any:
        """An option as its field shows it."""
        return value

    def kept(self, name: str, value: Any) -> Any:
        """An option as the adapter takes it."""
        return value.strip() if isinstance(value, str) else value

    def secret_of(self, given: dict[str, str]) -> str:
        """The secret as the adapter takes it."""
        return given.get("secret", "").strip()

    def _limit(self) -> None:
        """The limit, in the unit of the kind; a kind whose server says it itself has no such field."""
        if self.KIND in {"mastodon", "bluesky", "telegram"}:
            del self.fields["limit"]
            return
        most, unit = limits.most_of(self.KIND), UNIT_WORDS[limits.unit_of(self.KIND)]
        field: Any = self.fields["limit"]
        field.label, field.min_value, field.required = gettext("Longest text, in %(unit)s") % {"unit": unit}, 1, False
        field.help_text = gettext("Empty: %(most)s.") % {"most": most} if most else gettext("Empty: no limit.")


class WebhookForm(ChannelForm):
    """A website or relay of our own."""

    KIND, OPTIONS = "webhook", ("can_be_asked", "takes_pictures")
    HERE = ("address", "secret", *OPTIONS)
    address = forms.CharField(label=_("Address"), max_length=500, help_text=_("Where we POST to: a full https URL."))
    secret = _secret(_("Secret"), _("At least 16 characters; the receiver checks our signature with it."))
    can_be_asked = forms.BooleanField(label=_("It can be asked whether it has a post (GET ?key=…)"), required=False)
    takes_pictures = forms.BooleanField(
        label=_("It takes pictures"),
        required=False,
        help_text=_("Only if its builder has read how they come; else words with pictures are not scheduled here."),
    )


class FeedForm(ChannelForm):
    """Our own public feed: its address is ours."""

    KIND, SECRETS, HERE = "feed", (), ()

    def changes(self) -> dict[str, Any]:
        """The address is made of the channel's own key."""
        place = reverse("publishing:feed", args=[self.instance.uuid]).rstrip("/")
        address = self.instance.address or settings.PLANNER_PUBLIC_URL.rstrip("/") + place
        return {**super().changes(), "address": address, **({} if self.instance.pk else {"uuid": self.instance.uuid})}


class MastodonForm(ChannelForm):
    """An account on a Mastodon server."""

    KIND, OPTIONS, HERE = "mastodon", ("handle",), ("address", "handle", "secret")
    address = forms.CharField(label=_("Server"), max_length=500, help_text=_("Such as https://mastodon.example.org"))
    handle = forms.CharField(label=_("Handle"), max_length=100, help_text=_("Such as @press"))
    secret = _secret(
        _("Access token"),
        _("Preferences → Development → New application, with read:accounts, read:statuses and write:statuses."),
    )


class BlueskyForm(ChannelForm):
    """An account on Bluesky, or on a server of one's own."""

    KIND, OPTIONS, HERE = "bluesky", ("handle",), ("address", "handle", "secret")
    address = forms.CharField(label=_("Server"), max_length=500, initial="https://bsky.social")
    handle = forms.CharField(label=_("Handle"), max_length=253, help_text=_("Such as press.example.org"))
    secret = _secret(_("App password"), _("Settings → Privacy and security → App passwords. Never the account's own."))


class TelegramForm(ChannelForm):
    """A Telegram channel, by a bot."""

    KIND, OPTIONS, HERE = "telegram", ("chat",), ("chat", "secret", "address")
    chat = forms.CharField(label=_("Channel"), max_length=64, help_text=_("Such as @ministry_example"))
    secret = _secret(
        _("Bot token"), _("@BotFather gives it. Make the bot an administrator that may post messages, nothing more.")
    )
    address = forms.CharField(label=_("Server"), max_length=500, initial="https://api.telegram.org")


class XForm(ChannelForm):
    """An account on X: four keys."""

    KIND, OPTIONS = "x", ("handle",)
    SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    HERE = ("handle", *SECRETS, "address")
    handle = forms.CharField(label=_("Handle"), max_length=50, help_text=_("Such as @ministry_example"))
    consumer_key = _secret(_("API key"), _("Developer portal → your app → Keys and tokens; read and write permission."))
    consumer_secret = _secret(_("API key secret"))
    access_token = _secret(_("Access token"))
    access_token_secret = _secret(_("Access token secret"))
    address = forms.CharField(label=_("Server"), max_length=500, initial="https://api.x.com")

    def clean(self) -> dict[str, Any]:
        """All four keys, or none when they stay."""
        cleaned = super().clean()
        given = [name for name in self.SECRETS if cleaned.get(name)]
        for name in self.SECRETS if given else ():
            if name not in given:
                self.add_error(name, gettext("Enter all four keys, or none to keep those there are."))
        return cleaned

    def secret_of(self, given: dict[str, str]) -> str:
        return json.dumps({name: value.strip() for name, value in given.items()}) if any(given.values()) else ""


class MailForm(ChannelForm):
    """A press list by e-mail."""

    KIND, OPTIONS = "mail", ("security", "user", "sender", "recipients")
    HERE = ("address", "security", "user", "secret", "sender", "recipients")
    address = forms.CharField(
        label=_("Mail server"), max_length=500, help_text=_("Name and port: smtp.example.org:587")
    )
    security = forms.ChoiceField(
        label=_("The line is secured by"),
        choices=[("starttls", "STARTTLS"), ("tls", "TLS"), ("none", _("nothing (only on this machine)"))],
    )
    user = forms.CharField(label=_("User name"), max_length=200, required=False)
    secret = _secret(_("Password"))
    sender = forms.CharField(
        label=_("From"), max_length=200, help_text=_("Such as press@example.org, alone or after a name")
    )
    recipients = forms.CharField(
        label=_("Press list"),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("One address a line. Nobody on the list sees the others."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = False

    def shown(self, name: str, value: Any) -> Any:
        return "\n".join(value or []) if name == "recipients" else value

    def kept(self, name: str, value: Any) -> Any:
        if name == "recipients":
            return list(dict.fromkeys(value.replace(",", " ").replace(";", " ").split()))
        return super().kept(name, value)


FORMS: dict[str, type[ChannelForm]] = {
    form.KIND: form for form in (WebhookForm, FeedForm, MastodonForm, BlueskyForm, TelegramForm, XForm, MailForm)
}
