"""A calendar at an address: asked every so often, taken in, its faults kept and shown; never an address inside."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.urls import reverse

from planner.people.models import User
from planner.rosters.adapters import public_net
from planner.rosters.adapters.ics_fetching import fetch, plain
from planner.rosters.adapters.public_net import NotFetched, is_public
from planner.rosters.calendars.polling import poll
from planner.rosters.calendars.rows import CalendarSource
from planner.rosters.calendars.sources import end_source, polled, save_source
from planner.rosters.models import Shift
from planner.rosters.refusals import RosterRefused
from planner.rosters.services import ensure_team
from tests.doubles.webhook import Answer
from tests.factories import make_person

NOW = datetime(2030, 6, 1, tzinfo=UTC)
TEXT = (
    b"BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Asia/Baghdad\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20300609T220000\r\n"
    b"DTEND:20300610T060000\r\nSUMMARY:Layla Hasan (on call)\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

ENTRY = (
    "INSERT INTO rosters_calendarentry (source_id, uid, text, digest) "
    "SELECT id, 'u', '', '' FROM rosters_calendarsource"
)
KEY = "INSERT INTO rosters_feedkey (person_id, digest, language, made_at)"


@pytest.fixture
def server(webhook_server):
    return webhook_server


@pytest.fixture
def inside(settings):
    settings.PLANNER_CALENDARS_MAY_BE_PRIVATE = True


def named(url, **changes):
    team, mona = ensure_team(name="Desk", zone="Asia/Baghdad"), make_person("Mona", roles=["manager"])
    words = {"source": None, "name": "Desk", "url": url, "team": team, "person": None, "kind": "", "zone": ""}
    return save_source(**{**words, "every_minutes": 60, "by": mona, "now": NOW, **changes})


@pytest.mark.django_db
def test_a_calendar_is_taken_in_and_not_read_again_while_it_stays_the_same(server, inside):
    make_person("Layla Hasan", roles=["duty"])
    source = named(server.url)
    server.then(Answer(body=TEXT, headers={"ETag": '"1"', "Last-Modified": "Sat"}), Answer(status=304, body=b""))

    first = poll(source.pk, now=NOW)
    assert (first.last_error, first.etag, first.next_try_at) == ("", '"1"', NOW + timedelta(hours=1))
    assert first.last_result.startswith("Events: 1; new or changed: 1; gone: 0; refused: 0.")
    assert Shift.objects.get().during.lower == datetime(2030, 6, 9, 19, tzinfo=UTC)

    second = poll(source.pk, now=NOW + timedelta(hours=1))
    assert second.last_result == "Nothing has changed there."
    assert server.received[-1].headers["if-none-match"] == '"1"'
    assert server.received[-1].headers["if-modified-since"] == "Sat"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=500), "The server answers 500"),
        (Answer(cut=True), "The server does not answer"),
        (Answer(body=b"<html>sign in</html>"), "No calendar is in this file"),
        (Answer(body=b"x" * 11_000_000), "larger than 10 MB"),
        (Answer(status=302, headers={"Location": "/again"}), "more than 3 redirects"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "must be a full URL"),
        (Answer(body=TEXT, headers={"Content-Encoding": "gzip"}), "packs its answer"),
    ],
)
def test_a_fault_is_kept_and_shown_and_nothing_is_lost(server, inside, answer, said):
    make_person("Layla Hasan", roles=["duty"])
    source = named(server.url)
    server.then(Answer(body=TEXT))
    poll(source.pk, now=NOW)
    server.then(*[answer] * 5)

    asked = poll(source.pk, now=NOW + timedelta(hours=1))

    assert said in asked.last_result
    assert asked.last_error == asked.last_result
    assert asked.next_try_at == NOW + timedelta(hours=1, minutes=5)
    assert Shift.objects.filter(cancelled_at=None).count() == 1


@pytest.mark.django_db
def test_it_makes_nobody_known_and_gives_no_role(server, inside):
    layla = make_person("Layla Hasan", roles=["duty"])
    source = named(server.url)
    stranger = TEXT.replace(b"UID:1", b"UID:2").replace(b"Layla Hasan", b"Some Body")
    king = TEXT.replace(b"UID:1", b"UID:3").replace(b"SUMMARY", b"X-PLANNER-ROLES:approver\r\nSUMMARY")
    before = User.objects.count()
    server.then(*[Answer(body=text, headers={"ETag": '"x"'}) for text in (stranger, king)])

    for hour, said in enumerate(["nobody here has this name", "does not hold the role approver"]):
        asked = poll(source.pk, now=NOW + timedelta(hours=hour))
        assert said in asked.last_result
        assert asked.etag == "", "read again next time: somebody may have mended it here"
    layla.refresh_from_db()
    assert (User.objects.count(), layla.roles, Shift.objects.count()) == (before, ["duty"], 0)


@pytest.mark.django_db
def test_an_address_inside_is_refused_before_anything_is_sent(server):
    asked = poll(named(server.url).pk, now=NOW)

    assert "inside our own net" in asked.last_result
    assert server.received == []


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1",
     "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_which_addresses_are_inside(place):
    assert not is_public(place)


def test_an_open_address_is_not_inside():
    assert is_public("8.8.8.8")
    assert is_public("2606:4700::1111")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """A name that turns inside between the question and the connection opens nothing: it is asked only once."""
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", 80))]])
    monkeypatch.setattr(public_net.socket, "getaddrinfo", lambda *_a, **_k: next(answers))
    with pytest.raises(NotFetched, match="inside our own net"):
        fetch("http://calendar.example.org/x.ics")


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x.ics", "file:///etc/passwd", "calendar.ics", "http://", "http://a:b@example.org/"]
)
def test_what_is_no_address_of_a_calendar(url):
    with pytest.raises(NotFetched):
        plain(url)


def test_webcal_is_https_by_another_name():
    assert plain("webcal://example.org/x.ics") == "https://example.org/x.ics"


@pytest.mark.django_db
def test_a_calendar_that_ended_is_not_asked_and_the_same_one_is_not_named_twice(server, inside):
    source = named(server.url)
    with pytest.raises(RosterRefused, match="asked already"):
        named(server.url)
    end_source(source, by=make_person("Mona", roles=["manager"]), now=NOW)

    assert poll(source.pk, now=NOW) is None
    assert list(polled()) == []
    named(server.url)


@pytest.mark.django_db
def test_the_command_asks_all_and_leaves_with_one_on_a_fault(server, inside):
    named(server.url)
    out = io.StringIO()
    server.then(Answer(status=404))
    with pytest.raises(SystemExit) as left:
        call_command("poll_calendars", "--json", stdout=out)

    assert left.value.code == 1
    (told,) = json.loads(out.getvalue())["calendars"]
    assert (told["ok"], told["host"]) == (False, "127.0.0.1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rosters_calendarsource SET every_minutes = 1",
        "UPDATE rosters_calendarsource SET every_minutes = NULL",
        "UPDATE rosters_calendarsource SET url = ''",
        "UPDATE rosters_calendarsource SET kind = 'lunch'",
        f"{ENTRY}, generate_series(1, 2)",
        f"{ENTRY}; INSERT INTO rosters_calendaroccurrence (entry_id, key) SELECT id, 'k' FROM rosters_calendarentry",
        f"{KEY} SELECT id, 'secret', 'en', now() FROM people_user",
        f"{KEY} SELECT (SELECT min(id) FROM people_user), "
        "repeat(n::text, 64), 'en', now() FROM generate_series(1, 2) AS n",
    ],
)
def test_the_database_keeps_what_must_hold(change):
    named("https://calendar.example.org/x.ics")
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
def test_a_manager_adds_changes_asks_and_ends_a_calendar_and_sees_what_it_said(client):
    ensure_team(name="Desk", zone="Asia/Baghdad")
    client.force_login(make_person("Mona", roles=["manager"]))
    words = {
        "name": "Leave",
        "url": "https://calendar.example.org/secret-1234.ics",
        "every_minutes": "60",
        "kind": "leave",
    }
    words["team"] = str(ensure_team(name="Desk", zone="Asia/Baghdad").pk)

    client.post(reverse("rosters:add_calendar"), words)

    source = CalendarSource.objects.get()
    assert (source.kind, source.every_minutes) == ("leave", 60)
    CalendarSource.objects.update(last_result="The server answers 404 Not Found", last_error="x")
    page = client.get(reverse("rosters:calendars")).content.decode()
    assert "The server answers 404 Not Found" in page
    assert "secret-1234" not in page, "the address may be a secret"
    client.post(reverse("rosters:calendar", args=[source.uuid]), {**words, "name": "Away"})
    source.refresh_from_db()
    assert source.name == "Away"
    bad = client.post(reverse("rosters:add_calendar"), {**words, "url": "ftp://example.org/"})
    assert "must be a full URL" in bad.content.decode()
    client.post(reverse("rosters:ask_calendar", args=[source.uuid]))
    client.post(reverse("rosters:end_calendar", args=[source.uuid]))
    assert "No calendar comes in" in client.get(reverse("rosters:calendars")).content.decode()


@pytest.mark.django_db
def test_who_is_no_manager_neither_sees_nor_changes_calendars(client):
    client.force_login(make_person("Omar", roles=["duty"]))

    assert client.get(reverse("rosters:calendars")).status_code == 403
    assert client.post(reverse("rosters:add_calendar"), {}).status_code == 403
