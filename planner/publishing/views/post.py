"""One post: what it says, every try, and what a person may still do with it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.core.states import WAITING, PostState, WithdrawIf
from planner.publishing.factchecks import statement_of
from planner.publishing.foreseen import foreseen_of
from planner.publishing.forms import ReasonForm, SettleForm
from planner.publishing.models import Post
from planner.publishing.services.late import MAY_LET_GO
from planner.publishing.services.outcomes import MAY_SETTLE
from planner.publishing.services.schedule import MAY_STOP
from planner.publishing.views.roles import READERS, SCHEDULERS
from planner.publishing.words import WITHDRAW_WORDS


@require_safe
@needs(*READERS)
def detail(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The page of one post."""
    return _page(request, _found(uuid))


@require_POST
@needs(*MAY_STOP)
def stop(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Stop a post that has not left the house."""
    post, form = _found(uuid), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, post, stop_form=form, status=400)
    try:
        services.stop(post, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
    except services.PostRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Stopped. It will not be sent."))
    return redirect("publishing:post", post.uuid)


@require_POST
@needs(*MAY_SETTLE)
def settle(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Say whether an uncertain post is public. From the calendar the form's fields carry the post's uuid as prefix."""
    post = _found(uuid)
    prefix = str(post.uuid) if f"{post.uuid}-published" in request.POST else None
    form = SettleForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _page(request, post, settle_form=SettleForm(request.POST), status=400)
    published = form.cleaned_data["published"] == "yes"
    try:
        services.settle(post, published=published, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])
    except services.PostRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Settled: it is public.") if published else _("Settled: it is not public."))
    return redirect("publishing:post", post.uuid)


def _found(uuid: UUID) -> Post:
    post = selectors.one(uuid)
    if post is None:
        raise Http404(_("There is no such post."))
    return post


def _is_late(post: Post, now: datetime) -> bool:
    return selectors.late(now=now).filter(pk=post.pk).exists()


def _page(
    request: SignedIn,
    post: Post,
    *,
    stop_form: ReasonForm | None = None,
    settle_form: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context = {
        "post": post,
        "draft": post.approval.draft,
        "fact_check": statement_of(post),
        "held": post.state in WAITING and post.channel.held_at is not None,
        "may_stop": post.state in WAITING and may(request.user, *MAY_STOP),
        "late": [post] if _is_late(post, now) else [],
        "moves": services.moves_of(post),
        "may_move": may(request.user, *SCHEDULERS),
        "may_send": may(request.user, *MAY_LET_GO),
        "may_settle": post.state == PostState.UNCERTAIN.value and may(request.user, *MAY_SETTLE),
        "warned": foreseen_of(post) if post.state in WAITING else [],
        "stops": [WITHDRAW_WORDS[WithdrawIf(reason)] for reason in post.withdraw_if],
        "waits_behind_hold": WithdrawIf.CHANNEL not in post.withdraw_if,
        "stop_form": stop_form or ReasonForm(),
        "settle_form": settle_form or SettleForm(),
        "now": now,
    }
    return render(request, "publishing/post.html", context, status=status)
