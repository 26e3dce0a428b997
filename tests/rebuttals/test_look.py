"""In a real browser: axe finds nothing, nothing scrolls sideways at 360 px, the counter counts as the server does."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from planner.narratives.models import Narrative
from planner.rebuttals import services
from planner.rebuttals.models import Draft
from planner.tasking.models import Rung
from planner.tasking.services import token
from tests.factories import make_approval, make_claim, make_draft, make_line, make_person, make_rebuttal, make_shift

pytestmark = pytest.mark.django_db(transaction=True)
ARABIC = "سد الموصل سليم. فحصه مهندسو وزارة الموارد المائية ولم يجدوا أي ضرر."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def claim(now):
    narrative = Narrative.objects.create(name="The dam breaks", summary="That the dam has failed or is about to.")
    return make_claim("BREAKING: the dam has burst", at=now - timedelta(minutes=54), narrative=narrative)


@pytest.fixture
def sign_in(client, page, live_server):
    def as_person(person):
        client.force_login(person)
        cookies = [{"name": n, "value": c.value, "url": live_server.url} for n, c in client.cookies.items()]
        page.context.add_cookies(cookies)

    return as_person


def everything(claim, now):
    """A page of each kind, with something on it in every state."""
    approver = make_person("Omar Aziz", roles=["approver", "duty"])
    make_shift(make_person("Sara Nouri", roles=["approver"]), now - timedelta(hours=1))
    answer = make_rebuttal(claim=claim, at=now)
    make_draft(answer, at=now, text="The dam is intact.")
    waiting = make_draft(answer, at=now, text="The dam is intact. Engineers inspected it at 20:00.")
    arabic = make_approval(make_draft(answer, at=now, language="ar", text=ARABIC), approver=approver, at=now)
    words = make_approval(make_draft(make_rebuttal(narrative=claim.narrative), at=now), approver=approver, at=now)
    make_line(words, at=now - timedelta(hours=1), maximum_uses=2)
    make_line(at=now - timedelta(days=2))
    to_sign = make_approval(make_draft(make_rebuttal(narrative=claim.narrative), at=now), at=now)
    edit, lines = reverse("rebuttals:edit", args=[claim.uuid]), reverse("rebuttals:lines")
    reviews = [reverse("rebuttals:review", args=[d.uuid]) for d in (waiting, arabic.draft, to_sign.draft)]
    handed_in = make_draft(answer, at=now, language="fr", text="Le barrage tient.", submitted_at=None)
    services.submit(handed_in, by=handed_in.author, now=now)
    link = reverse("rebuttals:answer", args=[token(Rung.objects.get())])
    reviews += [reverse("rebuttals:look", args=[answer.uuid]), link, reverse("tasking:mine")]
    return approver, [reverse("rebuttals:list"), edit, f"{edit}?new=1", lines, f"{lines}?claim={claim.uuid}", *reviews]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, live_server, sign_in, claim, now, width, scheme):
    approver, addresses = everything(claim, now)
    sign_in(approver)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for address in addresses:
        page.goto(live_server.url + address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address


def test_the_counter_counts_as_the_server_does(page, live_server, sign_in, claim):
    sign_in(make_person("Amira Saleh", roles=["officer"]))
    page.goto(live_server.url + reverse("rebuttals:edit", args=[claim.uuid]))
    page.get_by_label("Text", exact=True).fill("  👩‍👩‍👧 one\ntwo  ")
    assert page.locator("[data-used]").inner_text() == str(len("👩‍👩‍👧 one\ntwo"))
    page.get_by_role("button", name="Save only").click()
    assert page.locator("[data-used]").inner_text() == str(len(Draft.objects.get().text))
