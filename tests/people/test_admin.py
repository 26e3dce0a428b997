"""The admin is for people, contact points, channels and sources; never for words, posts or history."""

import pytest
from django.contrib import admin
from django.urls import reverse

from planner.journal.models import Entry
from planner.people.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def filled(person, **changes):
    """What the form for a person sends."""
    fields = {
        "username": person.username,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "is_active": "on",
        "zone": person.zone,
        "languages": "ar en",
        "given_roles": person.roles,
    }
    rows = {f"contact_points-{key}": value for key, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()}
    return {key: value for key, value in {**fields, **rows, **changes}.items() if value is not None}


def test_no_draft_approval_post_or_journal_entry_can_be_reached():
    registered = {model._meta.label_lower for model in admin.site._registry}

    assert "people.user" in registered
    kept_out = ("rebuttals.", "publishing.post", "journal.", "tasking.", "auth.")
    assert not [label for label in registered if label.startswith(kept_out)]


def test_an_administrator_gives_a_role_and_it_is_journalled(client):
    chief = make_person("Chief", roles=["administrator"], is_staff=True)
    person = make_person("Layla Hasan", roles=["officer"])
    client.force_login(chief)
    page = reverse("admin:people_user_change", args=[person.pk])

    assert client.get(page).status_code == 200
    answer = client.post(page, filled(person, given_roles=["officer", "approver"]))

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    person.refresh_from_db()
    assert (person.roles, person.languages) == (["officer", "approver"], ["ar", "en"])
    assert Entry.objects.get(milestone="role_changed").actor == chief.username


def test_an_administrator_adds_somebody_who_cannot_sign_in_yet(client):
    client.force_login(make_person("Chief", roles=["administrator"], is_staff=True))
    new = User(username="new", first_name="New", zone="Asia/Baghdad", roles=["analyst"])

    answer = client.post(reverse("admin:people_user_add"), filled(new))

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert not User.objects.get(username="new").has_usable_password()


@pytest.mark.parametrize("change", [{"given_roles": None}, {"is_active": None}])
def test_the_last_administrator_cannot_lock_everybody_out(client, change):
    chief = make_person("Chief", roles=["administrator"], is_staff=True)
    client.force_login(chief)

    answer = client.post(reverse("admin:people_user_change", args=[chief.pk]), filled(chief, **change))

    assert "Chief is the only administrator" in answer.content.decode()
    chief.refresh_from_db()
    assert (chief.roles, chief.is_active) == (["administrator"], True)


def test_staff_without_the_role_finds_nothing_there(client):
    client.force_login(make_person("Old", is_staff=True, is_superuser=True))

    assert client.get(reverse("admin:people_user_changelist")).status_code == 403


def test_nobody_is_deleted(client):
    client.force_login(make_person("Chief", roles=["administrator"], is_staff=True))
    person = make_person("Layla")

    assert client.post(reverse("admin:people_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()
