"""Where a button leads when its work is done."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from planner.people.permissions import SignedIn


def back(request: SignedIn) -> HttpResponse:
    """To the page from which the button was pressed (`next`, of this site only), else to the register."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("publishing:channels")
