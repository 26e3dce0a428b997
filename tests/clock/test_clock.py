"""The clock itself: one leads, its errors are contained, it wakes when something is due, and it says that it lives."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.utils import timezone

from planner.clock import beats, dead_man
from planner.clock.beats import Beat
from planner.clock.engine import Clock, run_beat
from planner.clock.leader import LOCK
from planner.leases.models import Heartbeat
from planner.leases.services import beat, notify_due
from tests.doubles.processes import eventually

NOW = timezone.now()
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class Recorder:
    """A beat's function that remembers when it ran."""

    def __init__(self) -> None:
        self.runs: list[float] = []

    def __call__(self, *, now) -> int:
        self.runs.append(time.monotonic())
        connection.close()
        return 1


@pytest.fixture
def run_clock(transactional_db):
    """Run a Clock with these beats in a thread; stopped at the end."""
    started = []

    def run(*some_beats: Beat) -> Clock:
        clock = Clock(some_beats)
        thread = threading.Thread(target=clock.run, daemon=True)
        thread.start()
        started.append((clock, thread))
        return clock

    yield run
    for clock, thread in started:
        clock.stop()
        thread.join(10)
        assert not thread.is_alive()
    eventually(lambda: not _backends(), within=10)


def _backends() -> list[int]:
    """Connections of the clock's own threads to the test database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK & 0xFFFFFFFF],
        )
        return [pid for (pid,) in cursor.fetchall()]


# the timetable --------------------------------------------------------------------------------------------------------
def test_every_beat_has_a_name_of_its_own_and_a_period_of_whole_seconds():
    assert len(set(beats.NAMES)) == len(beats.BEATS)
    assert all(one.period >= SECOND and one.period % SECOND == timedelta(0) for one in beats.BEATS)


@pytest.mark.django_db
@pytest.mark.parametrize("one", beats.BEATS, ids=beats.NAMES)
def test_every_beat_runs_on_an_empty_house(one):
    one.run(now=NOW)
    if one.next_due is not None:
        assert one.next_due(after=None) is None


@pytest.mark.django_db(transaction=True)
def test_an_error_in_a_beat_is_contained_and_does_not_count_as_a_beat():
    def stumble(*, now):
        raise RuntimeError("a stone")

    assert run_beat(Beat("stumble", SECOND, lambda *, now: 0), now=NOW)
    assert not run_beat(Beat("stumble", SECOND, stumble), now=NOW + 9 * SECOND)
    heartbeat = Heartbeat.objects.get(name="stumble")
    assert heartbeat.last_error == "RuntimeError: a stone"
    assert heartbeat.beat_at == NOW


# the engine -----------------------------------------------------------------------------------------------------------
def test_a_clock_beats_and_stamps(run_clock):
    recorder = Recorder()
    run_clock(Beat("often", SECOND, recorder))
    eventually(lambda: len(recorder.runs) >= 3)
    assert Heartbeat.objects.get(name="often").period_seconds == 1


def test_a_clock_wakes_at_the_moment_at_which_a_row_is_due_and_not_at_the_next_sweep(run_clock):
    recorder, due = Recorder(), []
    run_clock(
        Beat(
            "rare", HOUR, recorder, next_due=lambda *, after: next((at for at in due if not after or at > after), None)
        )
    )
    eventually(lambda: recorder.runs)
    time.sleep(0.3)
    recorder.runs.clear()
    due.append(timezone.now() + 1.5 * SECOND)
    expected = time.monotonic() + 1.5
    notify_due()
    eventually(lambda: recorder.runs)
    assert recorder.runs[0] == pytest.approx(expected, abs=0.4)


def test_a_row_that_stays_due_does_not_make_the_clock_spin(run_clock):
    recorder, long_ago = Recorder(), NOW - HOUR
    run_clock(Beat("stuck", HOUR, recorder, next_due=lambda *, after: None if after else long_ago))
    eventually(lambda: recorder.runs)
    notify_due()
    time.sleep(1.5)
    assert len(recorder.runs) <= 4


def test_of_two_clocks_one_beats_and_the_other_takes_over(run_clock):
    first, second = Recorder(), Recorder()
    one = run_clock(Beat("often", SECOND, first))
    eventually(lambda: first.runs)
    run_clock(Beat("often", SECOND, second))
    time.sleep(2.5)
    assert second.runs == []
    one.stop()
    eventually(lambda: second.runs, within=6)


def test_a_clock_that_takes_over_runs_its_rare_beats_at_once(run_clock):
    first, second = Recorder(), Recorder()
    one = run_clock(Beat("rare", HOUR, first))
    eventually(lambda: first.runs)
    run_clock(Beat("rare", HOUR, second))
    time.sleep(1.5)
    one.stop()
    eventually(lambda: second.runs, within=6)


def test_a_leader_whose_connection_is_cut_leads_again(run_clock):
    recorder = Recorder()
    run_clock(Beat("often", SECOND, recorder))
    [pid] = eventually(_backends)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    eventually(lambda: _backends() not in ([], [pid]))
    count = len(recorder.runs)
    eventually(lambda: len(recorder.runs) > count)


# what watches from outside --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_healthz_is_well_while_every_beat_is_on_time(client):
    for one in beats.BEATS:
        beat(name=one.name, period=one.period, now=timezone.now())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


@pytest.mark.django_db
def test_healthz_says_which_beat_is_late_and_which_never_ran(client):
    for one in beats.BEATS[1:]:
        beat(name=one.name, period=one.period, now=timezone.now())
    late = beats.BEATS[1]
    beat(name=late.name, period=late.period, now=timezone.now() - 4 * late.period)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    states = {one["name"]: one["state"] for one in answer.json()["beats"]}
    assert (states[beats.NAMES[0]], states[late.name], states[beats.NAMES[2]]) == ("never ran", "late", "on time")


@pytest.mark.django_db
def test_livez_answers_without_signing_in(client):
    assert client.get("/livez").json() == {"ok": True}
    assert client.post("/healthz").status_code == 405


@pytest.fixture
def watcher():
    """An outside watcher that counts pings, and answers as its `status` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.pings += 1
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.pings, server.status = 0, 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.mark.django_db
def test_the_watcher_is_pinged_while_all_is_well_and_left_alone_when_a_beat_is_late(watcher, settings):
    settings.PLANNER_DEAD_MAN_URL = f"http://127.0.0.1:{watcher.server_port}/ping"
    beat(name="publish", period=SECOND, now=NOW)
    assert dead_man.ping(now=NOW)
    with pytest.raises(dead_man.NotPinged, match="publish late"):
        dead_man.ping(now=NOW + 4 * SECOND)
    assert watcher.pings == 1
    watcher.status = 500
    with pytest.raises(dead_man.NotPinged, match="could not be fetched"):
        dead_man.ping(now=NOW)


def test_no_watcher_is_no_error(settings):
    settings.PLANNER_DEAD_MAN_URL = ""
    assert dead_man.ping(now=NOW) is False
