"""People are made known once, and every change of a role is journalled."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from planner.journal.models import Entry
from planner.people.models import User
from planner.people.services import PersonRefused, ensure_person, grant_roles
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2014, 6, 10, 19, 0, tzinfo=UTC)


def test_the_same_person_twice_is_one_person():
    first, is_new = ensure_person(name="Layla  Hasan", email="Layla@example.org", zone="Asia/Baghdad", now=NOW)
    again, is_new_again = ensure_person(name="L. Hasan", email="layla@EXAMPLE.org", zone="Europe/London", now=NOW)

    assert (is_new, is_new_again) == (True, False)
    assert first == again
    assert (str(again), again.zone) == ("Layla Hasan", "Asia/Baghdad"), "an existing person keeps name and zone"
    assert list(again.contact_points.values_list("address", flat=True)) == ["layla@example.org"]
    assert not again.has_usable_password()


def test_two_people_of_one_name_are_told_apart_by_their_address():
    ensure_person(name="Ali Hasan", email="ali@example.org", now=NOW)
    second, is_new = ensure_person(name="Ali Hasan", email="ali.hasan@example.net", now=NOW)

    assert is_new
    with pytest.raises(PersonRefused, match="“Ali Hasan” is the name of more than one person"):
        ensure_person(name="Ali Hasan", now=NOW)
    assert ensure_person(name="", email="ali.hasan@example.net", now=NOW) == (second, False)


def test_a_bare_name_finds_the_person_whatever_the_letter_case():
    known, _new = ensure_person(name="Zoë van den Berg", email="zoe@example.org", now=NOW)

    assert ensure_person(name="zoë VAN DEN berg", now=NOW) == (known, False)


def test_equal_local_parts_get_different_usernames():
    names = {ensure_person(name="A B", email=f"duty@{host}.example", now=NOW)[0].username for host in "xyz"}

    assert names == {"duty", "duty2", "duty3"}


def test_roles_and_languages_are_added_never_taken_away():
    ensure_person(name="Layla Hasan", email="l@example.org", languages=["ar"], roles=["officer"], now=NOW)
    person, _new = ensure_person(name="", email="l@example.org", languages=["en", "ar"], roles=["duty"], now=NOW)

    assert (person.languages, person.roles) == (["ar", "en"], ["officer", "duty"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Baghdad"}, "“Baghdad” is not a time zone of the IANA database; did you mean Asia/Baghdad?"),
        ({"roles": ["boss"]}, "“boss” is not a role: the roles are analyst, officer,"),
        ({"name": " "}, "A new person needs a name."),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong, said):
    with pytest.raises(PersonRefused) as refused:
        ensure_person(**{"name": "A B", "email": "a@example.org", "now": NOW, **wrong})

    assert str(refused.value).startswith(said)
    assert not User.objects.exists()


def test_a_change_of_roles_is_journalled_with_what_was_given_and_taken():
    chief = make_person("Chief", roles=["administrator"])
    person = make_person("Layla", roles=["officer", "duty"])

    assert grant_roles(person, roles=["officer", "approver"], by=chief, now=NOW)
    assert not grant_roles(person, roles=["approver", "officer"], by=chief, now=NOW), "nothing changed"

    entry = Entry.objects.get(milestone="role_changed")
    assert (entry.actor, entry.subject, entry.at) == (chief.username, f"person:{person.uuid}", NOW)
    assert entry.detail == {"given": ["approver"], "taken": ["duty"]}
    person.refresh_from_db()
    assert person.roles == ["officer", "approver"]


def test_the_administrator_role_alone_opens_the_admin():
    chief = make_person("Chief")
    grant_roles(chief, roles=["administrator"], by=None, now=NOW)
    second = make_person("Second", roles=["administrator"], is_staff=True)
    grant_roles(second, roles=["manager"], by=chief, now=NOW)

    assert User.objects.get(pk=chief.pk).is_staff
    assert not User.objects.get(pk=second.pk).is_staff


def test_the_last_administrator_keeps_the_role():
    chief = make_person("The Chief", roles=["administrator"])

    with pytest.raises(PersonRefused, match="The Chief is the only administrator"):
        grant_roles(chief, roles=[], by=chief, now=NOW)


def test_the_database_refuses_a_role_that_does_not_exist():
    person = make_person()

    with pytest.raises(IntegrityError, match="user_roles_known"), connection.cursor() as cursor:
        cursor.execute("UPDATE people_user SET roles = '{emperor}' WHERE id = %s", [person.pk])
