"""The people's door to duties: my tasks, take, pass on, and the page behind the link in a message."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.claims.models import Claim
from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.permissions import SignedIn, may, needs
from planner.tasking import selectors
from planner.tasking.core.states import TaskState
from planner.tasking.doors import sealed
from planner.tasking.forms import HandOverForm
from planner.tasking.models import Task
from planner.tasking.services import (
    LinkRefused,
    TaskRefused,
    acknowledge,
    hand_over,
    open_task,
    read_token,
    wake_for_claim,
)
from planner.tasking.services import wake as wake_task
from planner.tasking.services.answering import TAKING, closed_words, taken_words
from planner.tasking.services.links import DOORS

LATELY = timedelta(hours=12)


@require_safe
@needs(*Role)
def mine(request: SignedIn) -> HttpResponse:
    """My tasks first, with large buttons; everybody else's after them; what was closed lately."""
    now = timezone.now()
    own = list(selectors.of(request.user))
    others = [task for task in selectors.standing() if task not in own]
    taking = may(request.user, *TAKING)
    answering = HandOverForm(by=request.user) if taking else None
    clearing = HandOverForm(by=request.user, roles=[Role.APPROVER]) if taking else None
    context = {
        "own": own,
        "others": others,
        "closed": selectors.recently_closed(now - LATELY)[:20],
        "may_take": taking,
        "hand_over": answering,
        "colleagues": answering.colleagues() if answering else [],  # asked once for all tasks
        "reviewers": clearing.colleagues() if clearing else [],
        "now": now,
    }
    return render(request, "tasking/mine.html", context)


@require_POST
@needs(Role.OFFICER, Role.DUTY, Role.ANALYST)
def open_for_claim(request: SignedIn, uuid: str) -> HttpResponse:
    """“Answer this claim”: an officer or duty officer takes it at once; from an analyst the first person is paged."""
    claim, now = get_object_or_404(Claim, uuid=uuid), timezone.now()
    assignee = request.user if may(request.user, Role.OFFICER, Role.DUTY) else None
    try:
        task = open_task(claim, by=request.user, assignee=assignee, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _opened_words(task, request.user))
    return redirect("claims:detail", claim.uuid)


@require_POST
@needs(*TAKING)
def take(request: SignedIn, uuid: str) -> HttpResponse:
    """“I take it”, signed in."""
    task = get_object_or_404(Task, uuid=uuid)
    try:
        acknowledge(task, person=request.user, now=timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("It is yours. Nobody else is paged."))
    return redirect("tasking:mine")


@require_POST
@needs(*TAKING)
def pass_on(request: SignedIn, uuid: str) -> HttpResponse:
    """Hand a task over to a colleague, who is paged."""
    task = get_object_or_404(Task, uuid=uuid)
    form = HandOverForm(request.POST, by=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose a colleague who may take a task."))
        return redirect("tasking:mine")
    to = form.cleaned_data["to"]
    try:
        hand_over(task, to=to, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(person)s is paged. Until they take it, it counts as open.") % {"person": to})
    return redirect("tasking:mine")


@require_POST
@needs(*TAKING)
def wake(request: SignedIn, uuid: str) -> HttpResponse:
    """“Wake the approver”, signed in: for a claim whose words nobody here may let out."""
    claim, now = get_object_or_404(Claim, uuid=uuid), timezone.now()
    try:
        task = wake_for_claim(claim, role=Role.APPROVER, why=_why(request), by=request.user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _woken_words(task))
    return redirect("tasking:mine")


@login_not_required
@never_cache
@require_POST
def wake_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """“Wake the approver”, from the page behind the link in a message: one press, without sign-in."""
    try:
        task, person = read_token(token)
        task = wake_task(task, role=Role.APPROVER, why=_why(request), by=person, now=timezone.now())
    except LinkRefused as refused:
        return sealed(render(request, "tasking/answer_gone.html", {"refusal": str(refused)}, status=410))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _woken_words(task))
    return sealed(redirect(reverse("tasking:answer", args=[token])))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a message. Looking changes nothing: mail scanners follow links; the button does."""
    refusal = ""
    try:
        task, person = read_token(token)
        if task.is_review:
            return sealed(redirect(DOORS[task.purpose], token))
        if request.method == "POST":
            task = acknowledge(task, person=person, now=timezone.now())
            return sealed(redirect(reverse("tasking:answer", args=[token])))
    except LinkRefused as refused:
        response = render(request, "tasking/answer_gone.html", {"refusal": str(refused)}, status=410)
        return sealed(response)
    except TaskRefused as refused:
        refusal = str(refused)
    task.refresh_from_db()
    return sealed(render(request, "tasking/answer.html", _answer_context(task, person, refusal, token)))


def _answer_context(task: Task, person: User, refusal: str, token: str) -> dict[str, object]:
    is_mine = task.state == TaskState.ACKNOWLEDGED and task.assignee_id == person.pk
    if task.state == TaskState.CLOSED:
        refusal = closed_words(task, person)
    elif task.state == TaskState.ACKNOWLEDGED and not is_mine:
        refusal = taken_words(task, person)
    return {
        "task": task,
        "tasks": [task],
        "claim": task.claim,
        "person": person,
        "token": token,
        "zone": person.zone or settings.PLANNER_ZONE,
        "rungs": task.rungs.filter(round=task.round).select_related("person"),
        "is_mine": is_mine,
        "refusal": refusal,
        "now": timezone.now(),
    }


def _opened_words(task: Task, person: User) -> str:
    if task.assignee_id == person.pk:
        return _("It is yours: write the answer.")
    if task.state == TaskState.ACKNOWLEDGED:
        return taken_words(task, person)
    return _paged_words(task)


def _woken_words(task: Task) -> str:
    if task.state == TaskState.EXHAUSTED:
        return _("No approver is on watch. %(paged)s Telephone one of them.") % {"paged": _paged_words(task)}
    return _("%(paged)s Without an answer the next approver is paged.") % {"paged": _paged_words(task)}


def _paged_words(task: Task) -> str:
    rungs = task.rungs.filter(round=task.round).select_related("person")
    names = ", ".join(str(rung.person) for rung in rungs)
    if not names:
        return _("Nobody could be paged: call somebody.")
    return ngettext("%(person)s is paged.", "%(person)s are paged.", len(rungs)) % {"person": names}


def _why(request: HttpRequest) -> str:
    return " ".join(request.POST.get("why", "").split())
