"""Who is in the team, and where they can be reached."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from planner.people.core.roles import Role
from planner.people.models import ContactPoint, User


def active() -> QuerySet[User]:
    """Everybody who may sign in, by name."""
    return User.objects.filter(is_active=True)


def holding(*roles: Role) -> QuerySet[User]:
    """Active people who hold at least one of the roles, by name."""
    return active().filter(roles__overlap=[role.value for role in roles])


def found(words: str) -> list[User]:
    """The people whom an e-mail address, a username or a full name means; letter case does not matter.

    An e-mail address or username wins over a full name. More than one person back means that the words are ambiguous.
    """
    words = " ".join(words.split())
    exact = list(User.objects.filter(Q(email__iexact=words) | Q(username__iexact=words))[:2]) if words else []
    if exact or not words:
        return exact
    return [person for person in named(words) if str(person).casefold() == words.casefold()]


def named(words: str) -> QuerySet[User]:
    """People of whose name the first or the last word is in `words`: candidates for an exact comparison."""
    parts = words.split()
    return User.objects.filter(
        Q(first_name__iexact=parts[0]) | Q(last_name__iexact=parts[-1]) | Q(first_name__iexact=words)
    )


def address(person: User) -> str:
    """The e-mail address a page goes to: the first contact point, else the account's; "" when neither exists."""
    first = person.contact_points.filter(kind=ContactPoint.Kind.EMAIL).values_list("address", flat=True).first()
    return first or person.email


def by_id(ids: Iterable[int]) -> dict[int, User]:
    """People by primary key."""
    return User.objects.in_bulk(list(ids))
