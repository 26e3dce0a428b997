"""`manage.py up`: one command that runs the whole planner, and ends it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from planner.config.processes import everything
from tests.config.conftest import fresh_environment, power_cut, processes_of, query
from tests.doubles.processes import REPOSITORY, Running, eventually

START_SECONDS = 150

# One worker runs them all: two planners at once make each other slow.
pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def environment(system_dir: Path) -> Iterator[dict[str, str]]:
    """One var folder for all these tests: each finds what the one before left, killed runs included."""
    with fresh_environment(system_dir) as found:
        yield found


@pytest.fixture
def start_up(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """`run = start_up()`: the planner on a free port, `run.port`, answering; killed at the end if need be."""
    runs: list[Running] = []

    def start(*arguments: str) -> Running:
        port = _any_port()
        argv = [sys.executable, "manage.py", "up", "--port", str(port), *arguments]
        run = Running(argv, environment, tmp_path / f"up-{len(runs)}.log")
        run.port = port  # type: ignore[attr-defined]
        runs.append(run)
        run.wait_for("Ctrl-C stops everything", within=START_SECONDS)
        return run

    yield start
    for run in runs:
        run.kill()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]), within=60)


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _status(run: Running) -> int:
    return httpx.get(f"http://127.0.0.1:{run.port}/sign-in/", timeout=20).status_code  # type: ignore[attr-defined]


def test_up_serves_the_pages_stops_on_a_signal_and_finds_its_data_again(start_up, environment):
    run = start_up()
    assert f"http://127.0.0.1:{run.port}/" in run.output()
    assert _status(run) == 200
    query(environment, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer")
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(60) == 0
    assert "Stopped." in run.output()
    assert not processes_of(environment["PLANNER_VAR_DIR"])

    again = start_up()
    assert query(environment, "SELECT answer FROM kept") == "42"
    assert again.stop(within=60) == 0
    assert not processes_of(environment["PLANNER_VAR_DIR"])


def test_a_killed_up_leaves_no_orphans_and_does_not_stop_the_next(start_up, environment):
    run = start_up()
    kinds = ("gunicorn", "celery", "clock", "embedded_keeper", "postgres", "valkey-server")
    lines = [" ".join(process.cmdline()) for process in processes_of(environment["PLANNER_VAR_DIR"])]
    assert all(any(kind in line for line in lines) for kind in kinds)
    run.process.kill()
    run.process.wait()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]), within=40)

    again = start_up()
    assert _status(again) == 200


def test_a_power_cut_does_not_stop_the_next_up(start_up, environment):
    run = start_up()
    power_cut(environment["PLANNER_VAR_DIR"])
    run.process.wait()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]))
    assert _status(start_up()) == 200


def test_a_run_stopped_before_it_is_ready_ends_without_a_fuss(make_environment, tmp_path):
    environment = make_environment()
    run = Running([sys.executable, "manage.py", "up", "--port", str(_any_port())], environment, tmp_path / "log")
    run.wait_for("Everything is kept in")
    assert run.stop(within=60) == 130
    assert run.output().endswith("Stopped before it was ready.\n")
    assert "Traceback" not in run.output()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]))


def test_a_part_that_dies_is_reported_and_started_again(start_up, environment):
    run = start_up()
    web = [process for process in psutil.Process(run.pid).children() if "gunicorn" in process.cmdline()]
    web[0].kill()
    run.wait_for("web ended (signal SIGKILL); it starts again in 1 s", within=30)

    def answers() -> bool:
        try:
            return _status(run) == 200
        except httpx.TransportError:
            return False

    eventually(answers, within=60)


def test_a_second_up_on_the_same_folder_is_told_so(start_up, environment):
    start_up()
    done = _up(environment, "--port", str(_any_port()))
    assert done.returncode == 2
    assert f"already runs on {environment['PLANNER_VAR_DIR']}" in done.stderr
    assert "PLANNER_VAR_DIR" in done.stderr


def test_a_taken_port_is_named_with_what_to_do(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = _up(environment, "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 cannot be used: Address already in use" in done.stderr
    assert "manage.py up --port" in done.stderr
    assert not processes_of(environment["PLANNER_VAR_DIR"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "70000"], "a port is a number from 1 to 65535"),
        (["--hands", "1"], "--hands 2"),
        (["--clocks", "0"], "--clocks 1"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(environment, arguments, said):
    done = _up(environment, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("hands", [2, 3, 5])
def test_some_hands_do_nothing_but_publish(hands):
    found = everything(bind="127.0.0.1", port=8000, hands=hands, clocks=1)
    queues = [child.argv[child.argv.index("--queues") + 1] for child in found if "celery" in child.argv]
    assert len(queues) == hands
    assert "publish" in queues
    assert set(queues) == {"publish", "notify,ingest"}


def _up(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "up", *arguments],
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
