"""Small parts of every page: navigation, state badges, icons, fields."""

from django import template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.desk.core.icons import ICONS, TURNING
from planner.desk.core.svg import isolate

register = template.Library()

# Every status in the house reads as one of three states, or none; and each has a word of its own.
STATES: dict[str, tuple[str, object]] = {
    "answered": ("answered", _("answered")),
    "waiting": ("waiting", _("waiting")),
    "unanswered": ("unanswered", _("unanswered")),
    # claims
    "unread": ("unanswered", _("unread")),
    "declined": ("neutral", _("no public answer")),
    "watched": ("neutral", _("watched")),
    "taken_up": ("waiting", _("being answered")),
    # tasks
    "open": ("unanswered", _("open")),
    "acknowledged": ("waiting", _("acknowledged")),
    "closed": ("answered", _("closed")),
    "exhausted": ("unanswered", _("nobody answered the page")),
    # drafts
    "draft": ("neutral", _("draft")),
    "submitted": ("waiting", _("for review")),
    "approved": ("answered", _("approved")),
    "refused": ("unanswered", _("refused")),
    "withdrawn": ("unanswered", _("approval withdrawn")),
    # posts
    "scheduled": ("waiting", _("scheduled")),
    "queued": ("waiting", _("queued")),
    "sending": ("waiting", _("sending")),
    "retrying": ("waiting", _("trying again")),
    "published": ("answered", _("published")),
    "failed": ("unanswered", _("failed")),
    "stopped": ("neutral", _("stopped")),
    "expired": ("unanswered", _("expired")),
    "uncertain": ("unanswered", _("uncertain: please settle")),
    # gaps
    "gap": ("unanswered", _("gap")),
    "accepted": ("neutral", _("accepted gap")),
    "covered": ("answered", _("covered")),
}

SEVERITIES = {"low": _("low"), "medium": _("medium"), "high": _("high"), "critical": _("critical")}


@register.simple_tag(takes_context=True)
def nav_url(context: template.Context, name: str) -> str:
    """The address of a route, or nothing while that page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: template.Context, name: str, words: str) -> dict[str, object]:
    """One entry of the primary navigation; nothing while the route does not exist.

    `aria-current` is "page" on the page itself and "true" on the others of its namespace.
    """
    url = nav_url(context, name)
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    current = ""
    if request is not None and request.path == url:
        current = "page"
    elif match is not None and match.namespace and match.namespace == name.partition(":")[0]:
        current = "true"
    return {"url": url, "words": words, "current": current}


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """An inline drawing; with `words` it is an image of that name, without it is decoration. KeyError if unknown."""
    classes = "icon turns" if name in TURNING else "icon"
    label = format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        classes,
        label,
        mark_safe(ICONS[name]),
    )


@register.simple_tag
def state(value: object, words: str = "") -> SafeString:
    """A status as shape, word and colour; `words` replaces the usual word. An unknown status is shown as it is."""
    kind, usual = STATES.get(str(value).lower(), ("neutral", str(value).replace("_", " ").lower()))
    return format_html('<span class="state" data-state="{}">{}{}</span>', kind, icon(kind), words or usual)


@register.filter
def state_kind(value: object) -> str:
    """answered, waiting, unanswered or neutral: for `data-state` on rows and figures."""
    return STATES.get(str(value).lower(), ("neutral", ""))[0]


@register.filter
def isolated(text: str) -> str:
    """Words of others inside a sentence of ours, fenced so that their direction does not turn it."""
    return isolate(text)


@register.simple_tag
def severity(value: object) -> SafeString:
    """A severity badge; critical is filled, high is ringed."""
    words = SEVERITIES.get(str(value).lower(), value)
    return format_html('<span class="badge" data-severity="{}">{}</span>', str(value).lower(), words)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """A form field with label, help and errors; one look for every form."""
    return {"field": bound, "optional": "" if bound.field.required else gettext("optional")}
