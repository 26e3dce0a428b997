"""The processes of one planner, and the ways in which they are killed: hands, clocks, broker, database."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from django.db import connection
from kombu.exceptions import OperationalError

from planner.config import embedded_places, queues
from planner.config.celery import app
from tests.doubles.processes import Running

PREFIX = "chaos."
_EXCEPTION = re.compile(r"^([\w.]+(?:Error|Exception|Interrupt|Exit|Exceeded|Lost|NotFound|Refused))\b[:(]?")


class House:
    """The processes of one planner, which are killed and started again."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder, self.dice, self.faults = folder, dice, Counter[str]()
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            self._data = Path(cursor.fetchone()[0])
        self._started = 0
        self.hands = [self._hand() for _ in range(2)]
        self.clocks = [self._clock() for _ in range(2)]
        self.notifier = self._start("hand", self._worker("notify"))

    def fail(self) -> None:
        """One fault, chosen by the dice."""
        fault = self.dice.choice(["hand", "hand", "clock", "broker", "database"])
        self.faults[fault] += 1
        getattr(self, f"_{fault}_fails")()

    def complaints(self) -> Counter[str]:
        """Which exceptions stand in the logs of hands and clocks, and how often: those of lost servers belong there."""
        lines = (line for log in self.folder.glob("*.log") for line in log.read_text(errors="replace").splitlines())
        return Counter(found[1] for line in lines if (found := _EXCEPTION.match(line)))

    def stop(self) -> None:
        for process in (*self.hands, *self.clocks, self.notifier):
            process.stop(within=30)

    def _hand_fails(self) -> None:
        at = self.dice.randrange(len(self.hands))
        self.hands[at].kill()
        self.hands[at] = self._hand()

    def _clock_fails(self) -> None:
        at = self.dice.randrange(len(self.clocks))
        self.clocks[at].kill()
        self.clocks[at] = self._clock()

    def _database_fails(self) -> None:
        # What a crash of the server does: every connection is cut, and it recovers from its log when it comes back.
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int((self._data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)

    def _broker_fails(self) -> None:
        if not os.environ.get("PLANNER_BROKER_URL"):
            for pid in _own_broker():
                os.kill(pid, signal.SIGKILL)
        elif group := os.environ.get("PLANNER_SERVICES_BROKER"):
            # Started, and started again, by .ci/with_services.py. RabbitMQ is a script with children: all of them.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(Path(group).read_text()), signal.SIGKILL)
        else:
            _empty_broker()

    def _hand(self) -> Running:
        return self._start("hand", self._worker("publish"))

    def _clock(self) -> Running:
        return self._start("clock", [sys.executable, "manage.py", "clock"])

    def _worker(self, kind: str) -> list[str]:
        argv = [sys.executable, "-m", "celery", "-A", "planner.config.celery", "worker", "--loglevel=WARNING"]
        argv += ["--queues", queues.names(PREFIX)[kind], "--concurrency", "2", "--without-gossip", "--without-mingle"]
        return [*argv, "--hostname", f"{kind}{self._started}@%h"]

    def _start(self, what: str, argv: list[str]) -> Running:
        self._started += 1
        environment = os.environ | {"PLANNER_QUEUE_PREFIX": PREFIX, "PLANNER_LOG_LEVEL": "WARNING"}
        return Running(argv, environment, self.folder / f"{what}-{self._started}.log")


def _own_broker() -> list[int]:
    """The embedded Valkey of this var folder: whoever listens on its socket."""
    found = subprocess.run(["pgrep", "-f", str(embedded_places.valkey_socket())], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def _empty_broker() -> None:
    """What a broker of somebody else's can lose: every message."""
    with contextlib.suppress(OperationalError), app.connection_for_write() as link:
        for name in queues.names(PREFIX).values():
            link.default_channel.queue_declare(name, durable=True, auto_delete=False)
            link.default_channel.queue_purge(name)
