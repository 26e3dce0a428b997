"""Who gets which page: every role, the auditor, and somebody who is not signed in."""

from urllib.parse import quote

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.urls import reverse

from planner.people.core.roles import Role
from planner.people.models import User
from tests.pages import catalogue
from tests.pages.catalogue import ACTS, FEEDS, FILES, OPEN, OWN, PAGES, act_address
from tests.pages.conftest import Desk

pytestmark = pytest.mark.django_db
ONE_OF_EACH = {
    Role.ANALYST: "layla",
    Role.OFFICER: "sara",
    Role.APPROVER: "hana",
    Role.DUTY: "tariq",
    Role.MANAGER: "mina",
    Role.ADMINISTRATOR: "zaid",
}
INSIDE = [page for page in PAGES if page.actor]


def everything_stored() -> dict[str, int]:
    """How many rows each table of ours has."""
    return {model._meta.label: model.objects.count() for model in apps.get_models() if "planner" in model.__module__}


def test_every_address_of_the_product_is_in_the_catalogue():
    assert catalogue.names_in_urls() == catalogue.names_in_catalogue()


@pytest.mark.parametrize("role", ONE_OF_EACH, ids=str)
def test_each_role_opens_its_pages_and_is_told_why_not_the_others(house: Desk, role: Role):
    client = house.client(ONE_OF_EACH[role])
    held = {Role(name) for name in User.objects.get(username=ONE_OF_EACH[role]).roles}
    wrong = {}
    for page in INSIDE:
        answer = client.get(page.address())
        if answer.status_code != (200 if held & page.readers else 403):
            wrong[str(page)] = answer.status_code
        if answer.status_code == 403 and "Zaid Younis can give you a role" not in answer.content.decode():
            wrong[str(page)] = "does not say who can give the role"
    assert not wrong


def test_an_auditor_reads_every_page_and_file_and_none_lets_foreign_scripts_in(house: Desk):
    client = house.client("adam")
    addresses = [page.address() for page in INSIDE] + [reverse(name) for name in FILES]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        guarded(answer)


def guarded(answer: HttpResponse) -> None:
    """Only our own scripts and styles run on this page, and nobody frames it."""
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_an_auditor_changes_nothing_wherever_something_can_be_posted(house: Desk):
    client, before = house.client("adam"), everything_stored()
    for name in ACTS:
        assert client.post(act_address(name)).status_code == 403, name
    for page in INSIDE:
        if page.name not in OWN:
            refused = {400} if page.asks_by_post else {403, 405}
            assert client.post(page.address()).status_code in refused, str(page)
    assert everything_stored() == before


def test_acts_are_not_done_by_looking(house: Desk):
    client, before = house.client("omar"), everything_stored()
    for name in ACTS:
        assert client.get(act_address(name)).status_code in {403, 405}, name
    assert everything_stored() == before


def test_a_stranger_is_asked_to_sign_in_everywhere_else(house: Desk):
    client, before = house.client(), everything_stored()
    addresses = [page.address() for page in INSIDE] + [reverse(name) for name in FILES]
    for address in addresses:
        assert client.get(address).url == f"{reverse('desk:sign_in')}?next={quote(address)}", address
        assert client.post(address).url.startswith(reverse("desk:sign_in")), address
    for name in ACTS:
        assert client.post(act_address(name)).url.startswith(reverse("desk:sign_in")), name
    assert client.get(reverse("admin:index")).status_code == 302
    assert everything_stored() == before


def test_a_stranger_may_knock_at_the_door_and_nothing_else(house: Desk):
    client = house.client()
    open_to_all = {page.name: page.address() for page in PAGES if not page.actor}
    for name in ("clock:healthz", "clock:livez"):
        open_to_all[name] = reverse(name)
    # Asked for elsewhere: what a button behind a signed link posts to, and the document beside a public answer.
    elsewhere = {"tasking:wake_by_link", "publishing:release_by_link", "publishing:answer_checks"}
    assert set(open_to_all) | elsewhere | {"set_language", "people:set_password", "desk:feed", *FEEDS} == set(OPEN)
    for name, address in open_to_all.items():
        answer = client.get(address)
        assert answer.status_code in {200, 503}, name  # 503: no clock runs here, and healthz says so
        guarded(answer)
    guarded(client.get("/no/such/page/"))
    assert client.get(reverse("tasking:answer", args=["forged"])).status_code == 410
    assert client.get(reverse("desk:feed", args=["forged"])).status_code == 404
    assert client.get(reverse("people:set_password", args=["MQ", "forged-token"])).status_code in {200, 404}
