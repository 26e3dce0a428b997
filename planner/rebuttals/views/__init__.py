"""Pages of rebuttals: the review queue, the editor, the review of one text, the cleared lines."""

from django.http import HttpRequest

from planner.people.models import User


class SignedIn(HttpRequest):
    """A request that `needs` let through: somebody is signed in."""

    user: User
