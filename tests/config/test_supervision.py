"""The supervisor: order, patience, and what it says. The children are real processes."""

import signal
import sys
import time
from pathlib import Path

import pytest

from planner.config.supervision import Child, Supervisor
from tests.doubles.processes import eventually

PATIENT = """
import signal, sys, time
def stop(*_):
    open(sys.argv[2], "a").write(sys.argv[1] + "\\n"); sys.exit()
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


@pytest.fixture
def supervisor(tmp_path):
    said: list[str] = []
    found = Supervisor({}, tmp_path, [], said.append)
    found.said = said  # type: ignore[attr-defined]
    yield found
    found.stop()


def _child(tmp_path: Path, name: str, script: str, **more: float) -> Child:
    argv = [sys.executable, "-c", script, name, str(tmp_path / "order")]
    return Child(name, name, argv, tmp_path / f"{name}.log", **more)


def test_children_are_stopped_in_the_opposite_order_of_their_start(supervisor, tmp_path):
    names = ["web", "hand", "clock"]
    supervisor.start(_child(tmp_path, name, PATIENT) for name in names)
    eventually(lambda: all("ready" in (tmp_path / f"{name}.log").read_text() for name in names))
    supervisor.stop()
    assert (tmp_path / "order").read_text().split() == ["clock", "hand", "web"]


def test_a_child_that_does_not_listen_is_killed_and_named(supervisor, tmp_path):
    child = _child(tmp_path, "deaf", DEAF, stop_seconds=0.5)
    supervisor.start([child])
    eventually(lambda: "ready" in child.log.read_text())
    supervisor.stop()
    assert child.process.returncode == -signal.SIGKILL
    assert supervisor.said == ["deaf did not stop within 0.5 s and is killed."]


def test_a_child_that_keeps_dying_is_given_longer_and_longer_pauses(supervisor, tmp_path):
    child = _child(tmp_path, "weak", "print('no such file'); raise SystemExit(3)")
    supervisor.start([child])
    waits = []
    for _ in range(7):
        child.process.wait()
        now = time.monotonic()
        supervisor.tend(now)
        waits.append(round(child.start_again_at - now))
        supervisor.tend(now + waits[-1] - 0.1)
        assert child.start_again_at is not None, "it was started too early"
        supervisor.tend(now + waits[-1])
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert "weak ended (exit code 3); it starts again in 1 s" in supervisor.said[0]
    assert "no such file" in supervisor.said[0]


def test_a_child_that_lived_long_starts_again_at_once(supervisor, tmp_path):
    child = _child(tmp_path, "old", "pass")
    supervisor.start([child])
    child.process.wait()
    child.deaths, child.started_at = 5, time.monotonic() - 3600
    supervisor.tend(time.monotonic())
    assert child.deaths == 1
