"""Late posts: a person decides whether they are sent all the same, one by one or all that the page showed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import services
from planner.publishing.core.last_moment import STOPPED_LATE
from planner.publishing.forms import LateForm
from planner.publishing.models import Post
from planner.publishing.services.late import MAY_LET_GO
from planner.publishing.services.schedule import MAY_STOP


@require_POST
@needs(*MAY_STOP)
def decide(request: SignedIn) -> HttpResponse:
    """`decision` (send, stop) for each `post` (uuid) named: exactly those that the person saw, none that came since."""
    form = LateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: choose the posts, then send or stop."))
        return redirect("publishing:calendar")
    send = form.cleaned_data["decision"] == LateForm.SEND
    if send and not may(request.user, *MAY_LET_GO):
        raise PermissionDenied
    done = sum(_decided(request, post, send=send) for post in form.cleaned_data["post"])
    if done and send:
        messages.success(request, ngettext("%(n)d post goes out now.", "%(n)d posts go out now.", done) % {"n": done})
    elif done:
        words = ngettext("%(n)d post is stopped, not sent.", "%(n)d posts are stopped, not sent.", done)
        messages.success(request, words % {"n": done})
    return redirect("publishing:calendar")


def _decided(request: SignedIn, post: Post, *, send: bool) -> bool:
    now = timezone.now()
    try:
        if send:
            services.let_go(post, by=request.user, now=now)
        else:
            services.stop(post, by=request.user, reason=STOPPED_LATE, now=now)
    except services.PostRefused as refused:
        messages.error(request, f"{post.channel.name}: {refused}")
        return False
    return True
