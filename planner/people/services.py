"""Make people known, and give or take roles. Every change of a role is stamped in the journal."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people import selectors
from planner.people.core.refusals import Refused
from planner.people.core.roles import ROLES, Role
from planner.people.models import ContactPoint, User
from planner.wallclock import zone as zone_named


class PersonRefused(Refused):
    """A person could not be made known, or a role not be given; the text says why."""


@transaction.atomic
def ensure_person(
    *,
    name: str,
    now: datetime,
    email: str = "",
    zone: str = "UTC",
    languages: Iterable[str] = (),
    roles: Iterable[str] = (),
    username: str = "",
    by: User | None = None,
) -> tuple[User, bool]:
    """Return the person meant by e-mail, username or full name, made when missing, and whether they are new.

    An existing person keeps their name and zone; languages, roles and the e-mail address are added to what they have,
    nothing is taken away. A new person cannot sign in until a password is set. Raises PersonRefused: an unknown zone
    or role, no name, or a name that two people bear.
    """
    name, email, roles = " ".join(name.split()), email.strip().lower(), list(roles)
    _check_zone(zone)
    _check_roles(roles)
    person = _existing(email=email, username=username, name=name)
    is_new = person is None
    if person is None:
        person = _create(name=name, email=email, zone=zone, username=username)
    _add_address(person, email)
    if missing := [language for language in languages if language not in person.languages]:
        person.languages = [*person.languages, *missing]
        person.save(update_fields=["languages"])
    grant_roles(person, roles=[*person.roles, *roles], by=by, now=now)
    return person, is_new


@transaction.atomic
def grant_roles(person: User, *, roles: Iterable[str], by: User | None, now: datetime) -> bool:
    """Make `roles` the whole set of a person's roles; return whether that changed anything.

    The administrator role opens the admin pages, and nothing else does. Stamps ROLE_CHANGED with what was given and
    taken. Raises PersonRefused for an unknown role, and when the last active administrator would lose the role.
    """
    chosen = set(roles)
    _check_roles(chosen)
    wanted = [role for role in ROLES if role in chosen]
    before = set(User.objects.select_for_update(no_key=True).get(pk=person.pk).roles)
    check_administrators(person, roles=chosen)
    person.roles, person.is_staff = wanted, Role.ADMINISTRATOR.value in chosen
    User.objects.filter(pk=person.pk).update(roles=wanted, is_staff=person.is_staff)
    if before == chosen:
        return False
    stamp(
        milestone=Milestone.ROLE_CHANGED,
        at=now,
        subject=f"person:{person.uuid}",
        actor=by.username if by else "import",
        given=sorted(chosen - before),
        taken=sorted(before - chosen),
    )
    return True


def _existing(*, email: str, username: str, name: str) -> User | None:
    # An e-mail address or a username is meant exactly; the bare name only counts when there is neither.
    for words in (email, username) if email or username else (name,):
        found = selectors.found(words)
        if len(found) > 1:
            raise PersonRefused(
                _("“%(words)s” is the name of more than one person: give the e-mail address as well.")
                % {"words": words}
            )
        if found:
            return found[0]
    return None


def _create(*, name: str, email: str, zone: str, username: str) -> User:
    if not name:
        raise PersonRefused(_("A new person needs a name."))
    first, _space, last = name.partition(" ")
    person = User(
        username=username or _free_username(email.partition("@")[0] or name),
        first_name=first[:150],
        last_name=last[:150],
        email=email,
        zone=zone,
    )
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def _free_username(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).casefold()
    stem = re.sub(r"[^\w.+-]+", ".", plain).strip(".")[:120] or "person"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}{n}") not in taken)


def _add_address(person: User, email: str) -> None:
    if not email:
        return
    if not person.email:
        person.email = email
        person.save(update_fields=["email"])
    ContactPoint.objects.get_or_create(user=person, kind=ContactPoint.Kind.EMAIL, address=email)


def _check_zone(zone: str) -> None:
    try:
        zone_named(zone)
    except ValueError as unknown:
        raise PersonRefused(str(unknown)) from unknown


def _check_roles(roles: Iterable[str]) -> None:
    if unknown := sorted(set(roles) - set(ROLES)):
        raise PersonRefused(
            _("“%(role)s” is not a role: the roles are %(roles)s.")
            % {"role": ", ".join(unknown), "roles": ", ".join(ROLES)}
        )


def check_administrators(person: User, *, roles: Iterable[str]) -> None:
    """Raise PersonRefused when no active administrator would be left after this person held only `roles`."""
    administrators = selectors.holding(Role.ADMINISTRATOR)
    is_one = administrators.filter(pk=person.pk).exists()
    if is_one and Role.ADMINISTRATOR.value not in set(roles) and not administrators.exclude(pk=person.pk).exists():
        raise PersonRefused(
            _("%(person)s is the only administrator: give the role to somebody else first.") % {"person": person}
        )
