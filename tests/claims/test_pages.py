"""The pages of claims: inbox, one claim, a new one; who may do what; and they work without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.claims.core.observed import Observed
from planner.claims.core.urgency import urgency
from planner.claims.models import Claim, Flood, PickUp, Sighting
from planner.claims.selectors import claims, similar
from planner.claims.services import decide, ingest, make_claim, mark_answered
from planner.journal.models import Entry
from planner.narratives.models import Narrative
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def analyst(client):
    person = make_person("Noor Said", roles=["analyst"])
    client.force_login(person)
    return person


def made(now, text="The city has fallen", *, minutes=60, **words) -> Claim:
    broke = now - timedelta(minutes=minutes)
    return make_claim(text=text, broke_earliest=broke, broke_latest=broke, now=now, **words)


def flood(now) -> Flood:
    moments = [now - timedelta(minutes=30 - n) for n in range(6)]
    ingest([Observed(f"a{n}", f"{n}", at, "<b>It fell</b>", f"a{n}", "ar") for n, at in enumerate(moments)], now=now)
    return Flood.objects.get()


# the inbox ------------------------------------------------------------------------------------------------------------
def test_the_inbox_lists_open_claims_by_severity_and_age(client, analyst, now):
    old = made(now, "an old medium claim", minutes=600)
    new = made(now, "a new critical claim", minutes=300, severity="critical")
    fresh = made(now, "a fresh low claim", minutes=5, severity="low")
    answered = made(now, "an answered claim", severity="critical")
    mark_answered(answered, at=now, now=now)
    page = client.get(reverse("claims:inbox"))
    assert [claim.pk for claim in page.context["page"]] == [new.pk, old.pk, fresh.pk]
    assert answered.text in client.get(reverse("claims:inbox"), {"state": "answered"}).content.decode()


def test_the_order_in_sql_is_the_order_of_the_core(now):
    for minutes in (0, 7, 59, 600, 5000):
        for severity in ("low", "medium", "high", "critical"):
            made(now, f"{severity} {minutes}", minutes=minutes, severity=severity)
    for claim in claims({}, now=now):
        assert claim.urgency == pytest.approx(urgency(claim.severity, now - claim.broke_earliest), rel=1e-6)


def test_filters_narrow_and_combine(client, analyst, now):
    narrative = Narrative.objects.create(name="Advance")
    wanted = made(now, "the dam is broken", severity="high", language="ar", narrative=narrative)
    made(now, "the dam stands", severity="low", language="en")
    query = {"q": "DAM", "severity": "high", "language": "ar", "narrative": str(narrative.uuid)}
    page = client.get(reverse("claims:inbox"), query)
    assert [claim.pk for claim in page.context["page"]] == [wanted.pk]
    assert client.get(reverse("claims:inbox"), {"severity": "huge"}).status_code == 400


def test_a_flood_is_one_entry_and_what_people_wrote_is_never_markup(client, analyst, now):
    flood(now)
    page = client.get(reverse("claims:inbox")).content.decode()
    assert page.count("&lt;b&gt;It fell&lt;/b&gt;") == 1
    assert "6 posts from 6 accounts in 5 min" in page
    assert "<b>It fell" not in page
    assert client.get(reverse("claims:floods")).status_code == 200
    assert client.get(reverse("claims:sightings")).status_code == 200


def test_an_empty_inbox_says_so(client, analyst):
    assert "Nothing is waiting" in client.get(reverse("claims:inbox")).content.decode()


# a new claim ----------------------------------------------------------------------------------------------------------
ENTERED = {"text": "The dam is broken", "severity": "high", "broke_earliest": "2026-01-10T22:30"}


def test_a_claim_is_entered_by_hand_in_the_theatres_time(client, analyst):
    answer = client.post(reverse("claims:new"), ENTERED | {"source": "radio", "evidence": "heard it"})
    claim = Claim.objects.get()
    assert answer.url == reverse("claims:detail", args=[claim.uuid])
    assert claim.broke_earliest.isoformat() == "2026-01-10T19:30:00+00:00"
    assert (claim.broke_latest, claim.source.name) == (claim.broke_earliest, "radio")
    assert Entry.objects.get(milestone="claimed").actor == analyst.username


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "required"),
        ({"broke_earliest": "yesterday"}, "not a date and time"),
        ({"broke_latest": "2026-01-10T22:00"}, "swap the two times"),
        ({"broke_earliest": "2999-01-10T22:00"}, "in the future"),
    ],
)
def test_what_is_wrong_is_said_on_the_form_and_nothing_is_lost(client, analyst, change, words):
    answer = client.post(reverse("claims:new"), ENTERED | {"evidence": "heard it"} | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "heard it" in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_hour_that_happens_twice_is_asked_about_in_a_field_that_takes_the_offset(client, analyst, settings):
    settings.PLANNER_ZONE = "Europe/Brussels"
    answer = client.post(reverse("claims:new"), ENTERED | {"broke_earliest": "2025-10-26T02:30"})
    assert "2025-10-26T02:30+02:00 or 2025-10-26T02:30+01:00" in answer.content.decode()
    assert '<input type="text" name="broke_earliest"' in answer.content.decode()
    client.post(reverse("claims:new"), ENTERED | {"broke_earliest": "2025-10-26T02:30+01:00"})
    assert Claim.objects.get().broke_earliest.isoformat() == "2025-10-26T01:30:00+00:00"


def test_a_flood_becomes_a_claim_with_its_time_and_evidence_filled_in(client, analyst, now):
    wave = flood(now)
    address = f"{reverse('claims:new')}?flood={wave.uuid}"
    page = client.get(address)
    form = page.context["form"]
    assert "6 posts from 6 accounts" in form["evidence"].value()
    entered = {name: form[name].value() or "" for name in form.fields}
    client.post(address, entered)
    claim = Claim.objects.get()
    assert (claim.floods.get(), claim.sightings.count(), claim.language) == (wave, 6, "ar")
    again = client.post(address, entered)
    assert "belongs to a claim already" in again.content.decode()


def test_a_sighting_becomes_a_claim_and_an_unknown_one_is_not_found(client, analyst, now):
    ingest([Observed("radio", "1", now - timedelta(hours=1), "The dam", "radio")], now=now)
    address = f"{reverse('claims:new')}?sighting={Sighting.objects.get().pk}"
    assert client.get(address).context["form"]["source"].value() == "radio"
    client.post(address, ENTERED)
    assert Claim.objects.get().sightings.count() == 1
    for nothing in ("flood=x", "flood=00000000-0000-0000-0000-000000000000", "sighting=0", "sighting=²", "sighting=x"):
        assert client.get(f"{reverse('claims:new')}?{nothing}").status_code == 404


# one claim ------------------------------------------------------------------------------------------------------------
def test_a_claims_page_tells_its_whole_story(client, analyst, now):
    claim = made(now, "the dam north of the city is broken", flood=flood(now))
    alike = made(now, "the dam north of the city is broken!!")
    decide(claim, decision="decline", by=analyst, now=now, reason="too small to answer")
    page = client.get(reverse("claims:detail", args=[claim.uuid])).content.decode()
    for words in ("too small to answer", analyst.username, alike.text, "6 posts from 6 accounts", "<svg", "Baghdad"):
        assert words in page
    assert list(similar(claim)) == [alike]


def test_watching_goes_back_to_where_it_was_decided_and_never_to_another_site(client, analyst, now):
    claim = made(now)
    back = reverse("claims:inbox") + "?severity=medium"
    address = reverse("claims:decide", args=[claim.uuid])
    assert client.post(address, {"decide-decision": "watch", "next": back}).url == back
    evil = client.post(address, {"decide-decision": "watch", "next": "https://evil.example/"})
    assert evil.url == reverse("claims:detail", args=[claim.uuid])
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("watched", analyst)


def test_declining_without_a_reason_is_refused_on_the_page(client, analyst, now):
    claim = made(now)
    answer = client.post(reverse("claims:decide", args=[claim.uuid]), {"decide-decision": "decline"})
    assert answer.status_code == 400
    assert "Say why there will be no public answer" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.state == "unread"


def test_correcting_needs_evidence_and_changes_the_range(client, analyst, now):
    claim = made(now)
    given = {"correct-broke_earliest": "2026-01-10T22:30", "correct-broke_latest": "2026-01-10T22:40"}
    given["correct-severity"] = "high"
    address = reverse("claims:correct", args=[claim.uuid])
    assert client.post(address, given).status_code == 400
    assert client.post(address, given | {"correct-evidence": "first video"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.broke_latest - claim.broke_earliest, claim.severity) == (timedelta(minutes=10), "high")


def test_merging_from_the_page_goes_to_the_claim_that_is_kept(client, analyst, now):
    claim, other = made(now, "one"), made(now, "two")
    answer = client.post(reverse("claims:merge", args=[claim.uuid]), {"merge-into": other.uuid})
    assert answer.url == reverse("claims:detail", args=[other.uuid])
    page = client.get(reverse("claims:detail", args=[claim.uuid])).content.decode()
    assert reverse("claims:detail", args=[other.uuid]) in page
    answer = client.post(reverse("claims:merge", args=[other.uuid]), {"merge-into": other.uuid})
    assert answer.status_code == 400


def test_a_pickup_is_noted_with_its_outlet(client, analyst, now):
    claim = made(now)
    address = reverse("claims:pickup", args=[claim.uuid])
    given = {"pickup-outlet": "Daily", "pickup-at": "2026-01-10T22:30", "pickup-carried": "on"}
    assert client.post(address, given).status_code == 302
    assert (PickUp.objects.get().source.kind, PickUp.objects.get().carried) == ("media", True)
    assert client.post(address, given | {"pickup-at": "2999-01-10T22:30"}).status_code == 400
    assert "Daily" in client.get(reverse("claims:detail", args=[claim.uuid])).content.decode()


# who may --------------------------------------------------------------------------------------------------------------
def test_an_auditor_reads_everything_and_changes_nothing(client, now):
    client.force_login(make_person(roles=["auditor"]))
    claim = made(now)
    page = client.get(reverse("claims:detail", args=[claim.uuid]))
    assert page.status_code == 200
    assert '<form method="post" class="form"' not in page.content.decode()
    assert client.get(reverse("claims:inbox")).status_code == 200
    for act in ("decide", "correct", "merge", "pickup"):
        assert client.post(reverse(f"claims:{act}", args=[claim.uuid])).status_code == 403
    assert client.post(reverse("claims:new"), ENTERED).status_code == 403


def test_strangers_are_asked_to_sign_in_and_acts_need_a_post(client, analyst, now):
    claim = made(now)
    assert client.get(reverse("claims:decide", args=[claim.uuid])).status_code == 405
    client.logout()
    assert client.get(reverse("claims:inbox")).status_code == 302


def test_a_keyboard_triages_the_inbox(page, live_server, client, now, transactional_db, settings):
    client.force_login(make_person("Noor Said", roles=["analyst"]))
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**session, "url": live_server.url}])
    first, second = made(now, "first claim", severity="critical"), made(now, "second claim")
    page.goto(f"{live_server.url}{reverse('claims:inbox')}")
    page.keyboard.press("w")
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("w")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("unread", "watched")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.keyboard.type("too small")
    with page.expect_navigation():
        page.locator("button:visible", has_text="Decline").click()
    first.refresh_from_db()
    assert (first.state, first.decision_reason) == ("declined", "too small")
