"""The register of official channels: enter, change, hold, let go, retire."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.forms import FORMS, ChannelForm, ReasonForm
from planner.publishing.forms.channels import MANNERS
from planner.publishing.models import Channel, Rehearsal
from planner.publishing.retold import retold
from planner.publishing.views.back import back
from planner.publishing.views.holding import say_late
from planner.publishing.views.roles import HOLDERS, READERS, REGISTRARS
from planner.rebuttals.core.limits import counts
from planner.rebuttals.words import KIND_WORDS


@require_safe
@needs(*READERS)
def register(request: SignedIn) -> HttpResponse:
    """Every channel, held ones first."""
    channels = sorted(selectors.channels(), key=lambda channel: (channel.held_at is None, channel.name))
    for channel in channels:
        channel.most = counts(channel.kind, "", most=channel.limit)[0].most  # type: ignore[attr-defined]
    context = {
        "channels": channels,
        "retired": Channel.objects.filter(retired_at__isnull=False),
        "hold_form": ReasonForm(),
        "may_hold": may(request.user, *HOLDERS),
        "may_register": may(request.user, *REGISTRARS),
        "kind_words": KIND_WORDS,
    }
    return render(request, "publishing/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*REGISTRARS)
def new(request: SignedIn) -> HttpResponse:
    """Enter a channel of the kind `?kind=`; without one, the kinds to choose from."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in FORMS:
        kinds = [(name, KIND_WORDS[name]) for name in FORMS]
        return render(request, "publishing/kinds.html", {"kinds": kinds}, status=400 if kind else 200)
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = services.register_channel(kind=kind, **form.changes(), by=request.user, now=timezone.now())
        except services.ChannelRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(channel)s is on the register.") % {"channel": channel.name})
            return redirect("publishing:channel", channel.uuid)
    return _form_page(request, form, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*REGISTRARS)
def change(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Change a channel; the kind and, if left empty, the secret stay."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    if channel.kind not in FORMS:
        raise Http404(_("There is no form for channels of this kind."))
    form = FORMS[channel.kind](request.POST or None, instance=channel)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_channel(channel, **form.changes(), by=request.user, now=timezone.now())
        except services.ChannelRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Changed. Posts that wait go out with the new entry."))
            return redirect("publishing:channels")
    return _form_page(request, form, channel.kind, channel)


@require_POST
@needs(*REGISTRARS)
def check(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Rehearse the credential now, by a call that only reads, and say what it answered."""
    channel = get_object_or_404(selectors.channels(), uuid=uuid)
    checked = services.rehearse(channel.pk, now=timezone.now())
    if checked is not None and checked.works:
        messages.success(request, _("It works: %(said)s Nothing was published.") % {"said": retold(checked.said)})
    elif checked is not None:
        messages.error(request, _("It does not work: %(said)s") % {"said": retold(checked.said)})
    return redirect("publishing:channel", channel.uuid)


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
    return back(request)


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
    return say_late(request) or back(request)


def _form_page(request: SignedIn, form: ChannelForm, kind: str, channel: Channel | None = None) -> HttpResponse:
    status = 400 if form.errors else 200
    context = {
        "form": form,
        "kind": kind,
        "kind_words": KIND_WORDS[kind],
        "channel": channel,
        "rehearsal": Rehearsal.objects.filter(channel=channel).first() if channel else None,
        "here": [form[name] for name in ("name", *form.HERE)],
        "about": [form[name] for name in ("owner", "attribution", "languages")],
        "manners": [form[name] for name in ("limit", *MANNERS) if name in form.fields],
    }
    return render(request, "publishing/channel.html", context, status=status)
