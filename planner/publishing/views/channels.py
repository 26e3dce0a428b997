"""The register of official channels: enter, change, hold, let go, retire."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.forms import ChannelForm, ReasonForm
from planner.publishing.models import Channel
from planner.publishing.views.roles import HOLDERS, READERS, REGISTRARS


@require_safe
@needs(*READERS)
def register(request: SignedIn) -> HttpResponse:
    """Every channel, held ones first."""
    channels = sorted(selectors.channels(), key=lambda channel: (channel.held_at is None, channel.name))
    context = {
        "channels": channels,
        "retired": Channel.objects.filter(retired_at__isnull=False),
        "hold_form": ReasonForm(),
        "may_hold": may(request.user, *HOLDERS),
        "may_register": may(request.user, *REGISTRARS),
        "some_open": any(channel.held_at is None for channel in channels),
    }
    return render(request, "publishing/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*REGISTRARS)
def new(request: SignedIn) -> HttpResponse:
    """Enter a channel."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = services.register_channel(**form.changes(), by=request.user, now=timezone.now())
        except services.ChannelRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(channel)s is on the register.") % {"channel": channel.name})
            return redirect("publishing:channels")
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*REGISTRARS)
def change(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Change a channel; the kind and, if left empty, the secret stay."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    form = ChannelForm(request.POST or None, instance=channel)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_channel(channel, **form.changes(), by=request.user, now=timezone.now())
        except services.ChannelRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Changed. Posts that wait go out with the new entry."))
            return redirect("publishing:channels")
    return _form_page(request, form, channel)


@require_POST
@needs(*REGISTRARS)
def retire(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Take a channel off the register for good."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    services.retire_channel(channel, by=request.user, now=timezone.now())
    messages.success(
        request, _("%(channel)s is off the register. Posts that waited are stopped.") % {"channel": channel}
    )
    return redirect("publishing:channels")


@require_POST
@needs(*HOLDERS)
def hold(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Let nothing out on this channel."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    reason = request.POST.get("reason", "")
    try:
        services.hold(channel, by=request.user, reason=reason, now=timezone.now())
    except services.ChannelRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.warning(request, _("%(channel)s is held: nothing goes out there.") % {"channel": channel})
    return _back(request)


@require_POST
@needs(*HOLDERS)
def unhold(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Let a held channel go."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    try:
        services.unhold(channel, by=request.user, now=timezone.now())
    except services.ChannelRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(channel)s is open again.") % {"channel": channel})
    return _back(request)


@require_POST
@needs(*HOLDERS)
def hold_everything(request: SignedIn) -> HttpResponse:
    """Let nothing out anywhere."""
    try:
        count = services.hold_everything(by=request.user, reason=request.POST.get("reason", ""), now=timezone.now())
    except services.ChannelRefused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("%(count)d channel is now held.", "%(count)d channels are now held.", count)
        messages.warning(request, words % {"count": count})
    return _back(request)


def _form_page(request: SignedIn, form: ChannelForm, channel: Channel | None = None) -> HttpResponse:
    status = 400 if form.errors else 200
    return render(request, "publishing/channel.html", {"form": form, "channel": channel}, status=status)


def _back(request: SignedIn) -> HttpResponse:
    """To the page from which the button was pressed."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("publishing:channels")
