"""The doctor: a bare planner is told what it lacks, each with its mend; one that lacks nothing is told so."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from planner.clock.beats import BEATS
from planner.config import doctor, embedded_places
from planner.config.doctor import Finding, examine, tonight
from planner.leases.services import beat
from planner.people.models import ContactPoint, User
from planner.publishing.services import register_channel
from tests.doubles.smtp import SmtpServer
from tests.factories import make_person, make_shift


def findings() -> dict[str, Finding]:
    return {one.check: one for one in examine(timezone.now())}


def one_of(check: Iterator[Finding]) -> Finding:
    [found] = check
    return found


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = 0
    try:
        call_command("doctor", *options)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, capsys.readouterr().out


def keep_watch(now: datetime) -> list[User]:
    """Two people on watch all night who together can do every link but publish."""
    people = [
        make_person("Layla Hasan", roles=["duty", "officer"]),
        make_person("Omar Aziz", roles=["approver"]),
    ]
    for person in people:
        ContactPoint.objects.get_or_create(user=person, address=f"{person.username}@example.org")
        make_shift(person, now - timedelta(hours=24), 72, kind="on_call")
    return people


def register(now: datetime) -> None:
    words = {"owner": "Press office", "attribution": "Ministry of Examples", "address": "https://www.example.org/hook"}
    register_channel(name="Website", kind="webhook", secret="s" * 32, now=now, by=None, **words)


@pytest.mark.django_db(transaction=True)
def test_a_planner_that_lacks_nothing_is_told_so(start_hand, smtp_server, queue_prefix, settings, capsys):
    settings.PLANNER_QUEUE_PREFIX = queue_prefix
    now = timezone.now()
    admin = make_person("Anna Admin", roles=["administrator"])
    admin.set_password("a long pass phrase")
    admin.save()
    keep_watch(now)
    register(now - timedelta(hours=24))
    start_hand()
    for one in BEATS:
        beat(name=one.name, period=one.period, now=timezone.now())
    code, out = run(capsys, "--json")
    document = json.loads(out)
    assert [one for one in document["findings"] if not one["ok"]] == []
    assert (code, document["ok"]) == (0, True)
    assert all(set(one) == {"check", "ok", "detail", "mend"} for one in document["findings"])


@pytest.mark.django_db
def test_a_bare_planner_is_told_what_it_lacks_and_what_to_do(broker, settings, capsys):
    settings.EMAIL_HOST = ""
    found = findings()
    lacking = {name for name, one in found.items() if not one.ok}
    assert lacking == {
        "clock", "administrator", "channels", "reachable tonight", "chain tonight", "hands", "mail"
    }  # fmt: skip
    assert all(bool(one.mend) is not one.ok for one in found.values())
    code, out = run(capsys)
    assert code == 1
    assert "7 of 13 to mend" in out
    assert "manage.py add_person" in out


@pytest.mark.django_db
def test_the_beats_that_are_late_are_named_with_what_they_said():
    now = timezone.now()
    for one in BEATS[1:]:
        beat(name=one.name, period=one.period, now=now)
    assert "Never ran: publish" in one_of(doctor.clock(now)).detail
    beat(name="publish", period=timedelta(seconds=2), now=now - timedelta(minutes=5))
    beat(name="publish", period=timedelta(seconds=2), now=now, error="the disk is full")
    clock = one_of(doctor.clock(now))
    assert clock.detail.startswith("Late: publish")
    assert "publish: the disk is full" in clock.mend


@pytest.mark.django_db
def test_a_secret_that_no_key_opens_is_found(settings):
    register(timezone.now())
    assert one_of(doctor.channels(timezone.now())).ok
    settings.SECRET_KEY = "another secret key altogether"
    channel = one_of(doctor.channels(timezone.now()))
    assert not channel.ok
    assert "PLANNER_SEAL_KEYS" in channel.mend


@pytest.mark.django_db
def test_people_on_watch_without_an_address_are_named():
    now = timezone.now()
    layla, omar = keep_watch(now)
    assert one_of(doctor.reachable(now)).ok
    ContactPoint.objects.filter(user=omar).delete()
    found = one_of(doctor.reachable(now))
    assert (found.ok, found.detail) == (False, "No address: Omar Aziz")
    layla.roles = ["officer"]
    layla.save()
    ContactPoint.objects.create(user=omar, address="omar@example.org")
    assert "No duty officer" in one_of(doctor.reachable(now)).detail


@pytest.mark.django_db
def test_a_link_that_is_open_tonight_is_named():
    now = timezone.now()
    keep_watch(now)
    found = one_of(doctor.chain(now))
    assert not found.ok
    assert "no channel works" in found.detail
    register(now - timedelta(hours=24))
    assert one_of(doctor.chain(now)).ok


@pytest.mark.django_db
def test_a_journal_whose_guard_was_switched_off_is_found():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_stays")
    assert "journal_entry_stays" in one_of(doctor.journal(timezone.now())).detail


@pytest.mark.django_db
def test_a_mail_server_that_does_not_answer_and_links_nobody_can_open_are_found(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = SmtpServer().start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    assert one_of(doctor.mail()).ok
    server.stop()
    assert "cannot be used" in one_of(doctor.mail()).detail
    settings.EMAIL_HOST = "mail.invalid"
    assert not one_of(doctor.links()).ok


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-23T06:00", "2026-11-23T19:00", "2026-11-24T01:00"),
        ("2026-11-23T20:30", "2026-11-23T20:30", "2026-11-24T01:00"),
        ("2026-11-24T00:59", "2026-11-24T00:59", "2026-11-24T01:00"),
        ("2026-11-24T01:00", "2026-11-24T19:00", "2026-11-25T01:00"),
    ],
    ids=["in the morning", "half past eleven", "just before four", "at four"],
)
def test_tonight_is_the_night_that_runs_or_else_the_next_one(now, start, end):
    span = tonight(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert span is not None
    assert (f"{span.start:%Y-%m-%dT%H:%M}", f"{span.end:%Y-%m-%dT%H:%M}") == (start, end)


def test_a_dead_database_and_a_dead_broker_are_findings_not_tracebacks():
    nowhere = {
        "PLANNER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "PLANNER_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=embedded_places.BASE_DIR,
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
        check=False,
    )
    found = {one["check"]: one for one in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found["database"]["ok"], found["broker"]["ok"]) == (1, False, False)
    assert "PLANNER_DATABASE_URL" in found["database"]["mend"]
    assert "Traceback" not in done.stderr
