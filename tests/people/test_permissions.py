"""Who may open a page, who may act on it, and what somebody is told who may not."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.permissions import may, may_read, needs
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@needs(Role.OFFICER, Role.APPROVER)
def guarded(request):
    return HttpResponse("in")


def ask(person, method="GET"):
    request = RequestFactory().generic(method, "/somewhere/")
    request.user = person
    return guarded(request)


@pytest.mark.parametrize("role", ["officer", "approver"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_of_the_roles_opens_the_page(role, method):
    assert ask(make_person(roles=[role]), method).content == b"in"


def test_an_auditor_reads_every_page_and_changes_nothing():
    auditor = make_person(roles=["auditor"])

    assert ask(auditor, "GET").status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        with pytest.raises(PermissionDenied):
            ask(auditor, method)


def test_a_refusal_names_the_roles_that_would_do_and_who_can_give_them():
    make_person("Adnan Karim", roles=["administrator"])

    with pytest.raises(PermissionDenied) as refusal:
        ask(make_person(roles=["analyst"]))

    assert str(refusal.value) == (
        "This needs the role press officer or approver. You hold: analyst. Adnan Karim can give you a role."
    )


def test_a_stranger_is_asked_to_sign_in():
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = AnonymousUser()

    assert guarded(request).headers["Location"] == "/sign-in/?next=/somewhere/%3Fpage%3D2"


def test_somebody_who_left_may_nothing():
    person = make_person(roles=["officer"])
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert not may(User.objects.get(pk=person.pk), Role.OFFICER)


def test_a_superuser_without_a_role_may_nothing():
    person = make_person(is_superuser=True, is_staff=True)

    assert not may(person, Role.ADMINISTRATOR)
    assert not may_read(person, Role.OFFICER)
