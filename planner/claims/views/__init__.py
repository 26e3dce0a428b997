"""The people's door to claims."""

from django.http import HttpRequest

from planner.people.core.roles import Role
from planner.people.models import User

# Who triages: the desk by day, and whoever is woken by night. Everybody with a role may read.
TRIAGE = (Role.ANALYST, Role.OFFICER, Role.DUTY)
READERS = tuple(Role)


class SignedIn(HttpRequest):
    """A request that `needs` has let through."""

    user: User
