"""The first administrator, and everybody after: a link that works once."""

import io
import json
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from planner.people.models import User

pytestmark = pytest.mark.django_db


def add(*words):
    out = io.StringIO()
    call_command("add_person", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_first_administrator_chooses_a_password_and_opens_the_admin(client):
    said = add("Noor Haddad", "--email", "noor@example.org", "--role", "administrator")
    entrance = client.get(urlsplit(said["password_link"]).path, follow=True)
    chosen = {"new_password1": "seven-quiet-herons", "new_password2": "seven-quiet-herons"}
    client.post(entrance.request["PATH_INFO"], chosen)

    assert client.login(username=said["username"], password="seven-quiet-herons")
    assert client.get("/admin/").status_code == 200


def test_the_link_works_only_once(client):
    link = urlsplit(add("Noor Haddad", "--email", "noor@example.org")["password_link"]).path
    entrance = client.get(link, follow=True)
    chosen = {"new_password1": "seven-quiet-herons", "new_password2": "seven-quiet-herons"}
    client.post(entrance.request["PATH_INFO"], chosen)

    assert "This link was used already" in client.get(link, follow=True).content.decode()


def test_a_weak_password_is_sent_back(client):
    link = urlsplit(add("Noor Haddad", "--email", "noor@example.org")["password_link"]).path
    entrance = client.get(link, follow=True)

    answer = client.post(entrance.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"})

    assert "at least 12 characters" in answer.content.decode()
    assert not User.objects.get().has_usable_password()


def test_a_second_call_adds_a_role_to_the_same_person():
    add("Noor Haddad", "--email", "noor@example.org", "--role", "officer")
    said = add("Noor Haddad", "--email", "noor@example.org", "--role", "duty")

    assert (said["added"], said["roles"]) == (False, ["officer", "duty"])


def test_an_unknown_role_ends_with_the_list_of_roles():
    with pytest.raises(CommandError, match="“king” is not a role: the roles are analyst") as failure:
        add("Noor Haddad", "--email", "noor@example.org", "--role", "king")

    assert failure.value.returncode == 2
