"""Who may open which page, and who may act on it. An auditor reads everything and changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from planner.people import selectors
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User


class SignedIn(HttpRequest):
    """A request behind `needs`: its user is one of ours, never a stranger."""

    user: User


READING = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponseBase]


def may(person: User | AnonymousUser, *roles: Role) -> bool:
    """Whether this person is active and holds one of the roles: for buttons on pages and checks in services."""
    return isinstance(person, User) and person.has_role(*roles)


def may_read(person: User | AnonymousUser, *roles: Role) -> bool:
    """As `may`, but an auditor may read whatever anybody may read."""
    return may(person, Role.AUDITOR, *roles)


def needs(*roles: Role) -> Callable[[View], View]:
    """A view for people with one of these roles; auditors may look (GET, HEAD) but not act.

    Anybody else gets a page (403) that names the roles and who can give them; a stranger is asked to sign in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            allowed = may_read if request.method in READING else may
            if not allowed(request.user, *roles):
                raise PermissionDenied(refusal(request.user, *roles))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refusal(person: User, *roles: Role) -> str:
    """Why this person may not: the roles that would do, what they hold now, and who can give a role."""
    held = [str(ROLE_WORDS[Role(role)]) for role in person.roles]
    givers = [str(administrator) for administrator in selectors.holding(Role.ADMINISTRATOR)[:5]]
    words = {
        "needed": get_text_list([str(ROLE_WORDS[role]) for role in roles], _("or")),
        "held": get_text_list(held, _("and")) if held else _("no role yet"),
        "givers": get_text_list(givers, _("or")) if givers else _("an administrator"),
    }
    return _("This needs the role %(needed)s. You hold: %(held)s. %(givers)s can give you a role.") % words
