"""Run the whole planner on this machine: database, broker, web, hands, clock."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.shortcuts import resolve_url

from planner.config import demo_receiver, embedded, embedded_places, processes
from planner.config.supervision import Supervisor
from planner.desk.core.scenario_texts import ORGANISATION

READY_SECONDS = 90
EARLIER_RUN_SECONDS = 40


class Command(BaseCommand):
    """`manage.py up [--demo] [--port 8000] [--hands N] [--clocks N]`; exit 2 when it cannot start as asked."""

    help = "Start the database and broker (where none is configured), web, hands and clock; stop all of it on Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty planner with a simulated fortnight")
        parser.add_argument("--port", type=int, default=8000, help="where the pages are (default 8000)")
        parser.add_argument(
            "--bind", default="127.0.0.1", help="address to listen on (default 127.0.0.1, this machine)"
        )
        parser.add_argument("--hands", type=int, default=2, help="Celery workers, at least 2; one only publishes")
        parser.add_argument("--clocks", type=int, default=1, help="clocks; one leads, the others stand by")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["hands"] < 2 or options["clocks"] < 1:
            raise CommandError(
                "At least --hands 2 (one of them only publishes) and --clocks 1 are needed.", returncode=2
            )
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the supervisor listens itself
        try:
            with self._only_run() as kept:
                self._refuse_taken_port(options["bind"], options["port"])
                with embedded.servers() as locks:
                    self._run([kept, *locks], options)
        except embedded.ServerFailed as failure:
            raise CommandError(str(failure)) from failure
        except KeyboardInterrupt:
            self._say("Stopped before it was ready.")
            sys.exit(130)
        self._say("Stopped.")

    def _run(self, keep: list[int], options: dict[str, Any]) -> None:
        """Everything between the servers' start and their stop."""
        self._prepare(options)
        receiver = free_port(options["port"] + 1) if options["demo"] else None
        if receiver:
            self._fill(receiver)
        connections.close_all()
        supervisor = Supervisor(_environment(options), embedded_places.BASE_DIR, keep, self._say)
        supervisor.stop_on_signals()
        try:
            if receiver:
                supervisor.start([processes.receiver(receiver, _received())])
            wanted = {name: options[name] for name in ("bind", "port", "hands", "clocks")}
            supervisor.start(processes.everything(**wanted))
            if self._await_web(supervisor, options):
                self._greet(options, receiver)
            supervisor.watch()
            self._say("Stopping ...")
        finally:
            supervisor.stop()

    @contextlib.contextmanager
    def _only_run(self) -> Iterator[int]:
        """One `up` a var folder; children of a killed one get time to end. Yields the lock that children inherit."""
        embedded_places.make_private_dirs()
        folder = embedded_places.lock_dir()
        with open(folder / "up", "a+") as mine, open(folder / "up.children", "a+") as theirs:
            try:
                fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(
                    f"The planner already runs on {embedded.var_dir()}. Stop that one (Ctrl-C where it runs), "
                    "or give this one another folder with PLANNER_VAR_DIR.",
                    returncode=2,
                ) from None
            deadline = time.monotonic() + EARLIER_RUN_SECONDS
            while not _locked(theirs.fileno()):
                if time.monotonic() > deadline:
                    raise CommandError("Processes of an earlier run do not end; end them and try again.", returncode=2)
                time.sleep(0.1)
            yield theirs.fileno()

    def _refuse_taken_port(self, bind: str, port: int) -> None:
        if not 1 <= port <= 65535:
            raise CommandError(f"--port {port}: a port is a number from 1 to 65535.", returncode=2)
        try:
            _try_port(bind, port)
        except OSError as problem:
            raise CommandError(
                f"Port {port} on {bind} cannot be used: {problem.strerror}. "
                f"Stop what listens there, or choose another port: `manage.py up --port {free_port(port + 1)}`.",
                returncode=2,
            ) from problem

    def _prepare(self, options: dict[str, Any]) -> None:
        """An up-to-date schema."""
        self._say(f"Everything is kept in {embedded.var_dir()}")
        if "postgres" in embedded.wanted():
            embedded.migrate_if_behind()
        else:
            call_command("migrate", interactive=False, verbosity=0)

    def _fill(self, port: int) -> None:
        """The simulated fortnight, once; a later run only learns where the receiver is now."""
        with demo_receiver.serving(port, _received()):
            call_command("load_demo", receiver=f"http://127.0.0.1:{port}", stdout=self.stdout)

    def _await_web(self, supervisor: Supervisor, options: dict[str, Any]) -> bool:
        """Watch until the pages answer; False when somebody asked to stop first."""
        deadline = time.monotonic() + READY_SECONDS
        while not supervisor.stopping:
            supervisor.tend(time.monotonic())
            if answers(_reached(options), options["port"]):
                return True
            if time.monotonic() > deadline:
                log = embedded_places.log_dir() / "web.log"
                self._say(f"The pages do not answer after {READY_SECONDS} s; see {log}")
                return False
            time.sleep(0.1)
        return False

    def _greet(self, options: dict[str, Any], receiver: int | None) -> None:
        self._say(f"\n  The planner is at {_address(options)}")
        if receiver:
            if (sign_ins := embedded_places.var_dir() / "demo-sign-ins.txt").exists():
                self._say("\n  Sign in as (demonstration, simulated data):\n" + sign_ins.read_text().rstrip())
            self._say(f"\n  What it publishes arrives at http://127.0.0.1:{receiver}/")
        if not settings.EMAIL_HOST:
            self._say(f"  No mail server is set (PLANNER_SMTP_HOST): mails are written to {settings.EMAIL_FILE_PATH}")
        self._say(f"  Logs are in {embedded_places.log_dir()}\n  Ctrl-C stops everything.\n")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _received() -> Path:
    """Where the demonstration's receiver keeps what was published."""
    return embedded.var_dir() / "demo-posts.jsonl"


def free_port(start: int) -> int:
    """The first port from `start` on that is free on the loopback interface; any free one when none is near."""
    for port in range(start, min(start + 100, 65536)):
        with contextlib.suppress(OSError):
            _try_port("127.0.0.1", port)
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(host: str, port: int) -> bool:
    """Whether a web server gives any answer at all there, within two seconds."""
    link = http.client.HTTPConnection(host, port, timeout=2)
    try:
        link.request("HEAD", resolve_url(settings.LOGIN_URL))
        return link.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _try_port(bind: str, port: int) -> None:
    """Raises OSError when nobody can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((bind, port))
        probe.listen(1)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _reached(options: dict[str, Any]) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options["bind"], options["bind"])


def _address(options: dict[str, Any]) -> str:
    host = _reached(options)
    return f"http://{f'[{host}]' if ':' in host else host}:{options['port']}/"


def _environment(options: dict[str, Any]) -> dict[str, str]:
    """What the children know: our own environment, and the address at which people reach the pages."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "planner.config.settings",
        "PLANNER_VAR_DIR": str(embedded.var_dir()),
        "PYTHONUNBUFFERED": "1",
    }
    usual = {"PLANNER_PUBLIC_URL": _address(options).rstrip("/")}
    if options["demo"]:
        usual["PLANNER_ORGANISATION"] = ORGANISATION  # its name says on every page that it is simulated
    return usual | dict(os.environ) | ours
