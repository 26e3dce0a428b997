"""Administrators mend what a source is; nobody else opens the table, and nothing is deleted there."""

import pytest
from django.test import Client
from django.urls import reverse

from planner.claims.models import Source
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_an_administrator_changes_what_a_source_is(client: Client) -> None:
    source = Source.objects.create(name="night_dispatch")
    client.force_login(make_person(roles=["administrator"], is_staff=True))
    page = reverse("admin:claims_source_change", args=[source.pk])
    assert client.get(page).status_code == 200
    words = {"name": "night_dispatch", "kind": "amplifier", "url": "", "ended_at_0": "", "ended_at_1": ""}
    assert client.post(page, words).status_code == 302
    source.refresh_from_db()
    assert source.kind == "amplifier"
    assert client.post(page, {**words, "kind": "friend"}).status_code == 200, "asked again, not an error page"
    assert client.get(reverse("admin:claims_source_delete", args=[source.pk])).status_code == 403


def test_nobody_else_opens_the_table(client: Client) -> None:
    client.force_login(make_person(roles=["analyst", "manager", "auditor"], is_staff=True))
    assert client.get(reverse("admin:claims_source_changelist")).status_code == 403
