"""One demonstration for the whole folder, at 02:10 of a June night in Baghdad, in a database of its own.

The database is a copy of the empty test database, as Django makes one for parallel tests. The tests here read it
in a transaction and through a live server; none of them changes a row, so that each page shows the same night.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from planner.coverage.services import accept_gap, set_requirement
from planner.desk import demo
from planner.people.models import User
from planner.planning import services as planning
from planner.rosters.calendars.sources import save_source
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.models import CalendarSource, Team
from planner.rosters.overriding import replace_person
from planner.rosters.rotating import Plan, add_rotation
from planner.rosters.services import add_leave
from planner.rosters.swapping import offer_swap
from planner.tempo.services import save_known_date
from planner.wallclock.core.rules import WeeklyRule
from tests.doubles.webhook import WebhookServer

NOW = datetime(2026, 6, 11, 23, 10, tzinfo=UTC)
COPY = "pages"


@dataclass
class Desk:
    """The demonstration behind a live server: `client("nour")` and `open("nour", "/claims/")` act as that person."""

    url: str
    browser: Browser | None = None
    sessions: dict[str, str] = field(default_factory=dict)
    _contexts: dict[tuple[str, ...], BrowserContext] = field(default_factory=dict)

    def client(self, username: str = "") -> Client:
        """Django's own client, signed in as this person; without a name, nobody is."""
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username))
        return client

    def open(self, username: str, language: str = "en-GB", **options: object) -> Page:
        """A new page of this person's browser; not at any address yet."""
        assert self.browser is not None
        key = (username, language, repr(options))
        if key not in self._contexts:
            context = self.browser.new_context(locale=language, timezone_id="Asia/Baghdad", **options)
            context.set_default_timeout(30_000)
            if username:
                cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.sessions[username], "url": self.url}
                context.add_cookies([cookie])
            self._contexts[key] = context
        return self._contexts[key].new_page()

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


@pytest.fixture(scope="package")
def demonstration(
    django_db_setup: None, queue_prefix: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[DjangoDbBlocker]:
    """The demonstration's rows, committed; the connection of this process leads to them until the folder is done."""
    empty = connection.settings_dict["NAME"]
    assert empty.startswith("test_"), "mark the test with django_db: without a mark no test database is made"
    copy = connection.creation.get_test_db_clone_settings(COPY)["NAME"]
    receiver = WebhookServer().start()
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=True):
        _let_go_of(empty)
        connection.creation.clone_test_db(COPY, verbosity=0, autoclobber=True)
        connection.settings_dict["NAME"] = copy
        try:
            demo.load(now=NOW, zone=ZoneInfo("Asia/Baghdad"), receiver=receiver.url, say=lambda words: None)
            _furnish()
            yield django_db_blocker
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = empty
            _let_go_of(copy)
            connection.creation.destroy_test_db(suffix=COPY, verbosity=0)
            receiver.stop()


def _let_go_of(database: str) -> None:
    """End sessions that still look at a test database: PostgreSQL copies one only when nobody does.

    There is one when the browser was started after the database was made: from then on an event loop runs in this
    thread, and Django keeps connections by context instead of by thread.
    """
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])


def _furnish() -> None:
    """What the demonstration's fortnight does not have: a requirement, an accepted gap, calendars, somebody away."""
    mina, karim = User.objects.get(username="mina"), User.objects.get(username="karim")
    rule = WeeklyRule(days=frozenset({4, 5}), start=22 * 60, end=4 * 60, zone="Asia/Baghdad")
    set_requirement(link="drafted", language="ar", rule=rule, by=mina, now=NOW - timedelta(days=2))
    accept_gap(
        start=NOW + timedelta(hours=24),
        end=NOW + timedelta(hours=27),
        links=["cleared"],
        owner=mina,
        reason="Both approvers are at the conference; a line is signed for these hours.",
        expires_at=NOW + timedelta(days=3),
        by=mina,
        now=NOW - timedelta(hours=9),
    )
    day = (NOW + timedelta(days=2)).date()
    save_known_date(name="Provincial election", first_day=day, last_day=day, by=mina, now=NOW - timedelta(days=2))
    for name, result in (("Leave of the desk", "Nothing has changed there."), ("Night duty", "")):
        save_source(
            source=None,
            name=name,
            url=f"https://calendar.example.org/{name[:5]}.ics",
            team=Team.objects.latest("pk"),
            person=None,
            kind="leave",
            zone="",
            every_minutes=60,
            by=mina,
            now=NOW,
        )
        CalendarSource.objects.filter(name=name).update(last_result=result, read_at=NOW if result else None)
    add_leave(person=karim, start=NOW + timedelta(days=3), end=NOW + timedelta(days=4), by=mina, now=NOW)
    plan = planning.ask(days=2, hours=8, by=mina, now=NOW)
    planning.work_out(plan.pk, now=NOW)
    _furnish_nights(mina, karim)


def _furnish_nights(mina: User, karim: User) -> None:
    """Next Monday evening an approver is replaced and an officer offers her duty; in a month two people take turns."""
    sara, hana = User.objects.get(username="sara"), User.objects.get(username="hana")
    evening = datetime(2026, 6, 15, 17, 0, tzinfo=UTC)
    words = {"person": karim, "stand_in": hana, "start": evening, "end": evening + timedelta(hours=3)}
    replace_person(**words, reason="Karim speaks at the university.", by=mina, now=NOW)
    duty = sara.shifts.get(during__contains=evening)
    offer_swap(duty, start=duty.during.lower, end=duty.during.upper, note="My sister marries.", by=sara, now=NOW)
    first = Recurrence("FREQ=WEEKLY", datetime(2026, 7, 13, 9), 1, "Asia/Baghdad")  # noqa: DTZ001  a wall time
    nights = Plan("Night clearance", (karim, hana), DutyKind.ON_CALL, ["approver"], first, (time(1), 180))
    add_rotation(nights, team=duty.team, by=mina, now=NOW)


@pytest.fixture(scope="package")
def house(demonstration: DjangoDbBlocker) -> Desk:
    """The demonstration without a browser."""
    return Desk(url="")


@pytest.fixture(scope="package")
def desk(demonstration: DjangoDbBlocker, chromium: Browser) -> Iterator[Desk]:
    """The demonstration in a browser."""
    server = LiveServer("localhost")
    desk = Desk(url=server.url, browser=chromium)
    for person in User.objects.all():  # now, while rows are committed: tests run in transactions nobody else sees
        desk.sessions[person.username] = desk.client(person.username).cookies[settings.SESSION_COOKIE_NAME].value
    yield desk
    desk.close()
    server.stop()
