"""What every contender of bench/dispatch.py is asked for, and the processes that belong to it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import redis

from tests.doubles.processes import Running

Posts = list[tuple[str, float]]  # key and due moment (Unix time)


@dataclass(frozen=True, slots=True)
class Program:
    """A process, and the words with which it says that it is ready."""

    argv: list[str]
    ready: str


class Contender(Protocol):
    """`reset` forgets what an earlier race left, `make` takes its time, `set_due` is quick; then its programs run.

    The moments are Unix times by key; `there` are the keys that have arrived at the channel.
    """

    name: str

    def reset(self) -> None: ...
    def make(self, count: int) -> list[str]: ...
    def set_due(self, posts: Posts) -> None: ...
    def programs(self) -> list[Program]: ...
    def environment(self) -> dict[str, str]: ...
    def moments(self, keys: list[str], what: str) -> dict[str, float]: ...
    def told(self, keys: list[str]) -> set[str]: ...
    def has_ended(self, keys: list[str], there: set[str]) -> bool: ...


class House:
    """The running programs of one contender, which can all be killed at once and started again."""

    def __init__(self, contender: Contender, folder: Path) -> None:
        self._contender, self._folder, self._starts = contender, folder, 0
        self._running: list[Running] = []

    def start(self) -> None:
        """Start every program; `wait` says when they are ready."""
        self._starts += 1
        for number, program in enumerate(self._contender.programs()):
            log = self._folder / f"{self._contender.name}-{self._starts}-{number}.log"
            self._running.append(Running(program.argv, self._contender.environment(), log))

    def wait(self) -> None:
        for running, program in zip(self._running, self._contender.programs(), strict=True):
            running.wait_for(program.ready, within=120)

    def kill(self) -> None:
        """SIGKILL for all of them at one moment."""
        for running in self._running:
            running.kill()
        self._running = []

    def stop(self) -> None:
        for running in self._running:
            running.process.terminate()
        for running in self._running:
            running.stop(within=20)
        self._running = []


def empty(broker: str) -> None:
    """Forget everything in one database of the embedded Valkey, given as redis+socket://PATH?virtual_host=N."""
    url = urlsplit(broker)
    with redis.Redis(unix_socket_path=unquote(url.path), db=int(parse_qs(url.query)["virtual_host"][0])) as link:
        link.flushdb()


def worker(app: str, queue: str, name: str) -> Program:
    """One Celery worker with two processes: the same for everybody."""
    argv = [sys.executable, "-m", "celery", "-A", app, "worker", "--loglevel=INFO", "--queues", queue]
    argv += ["--concurrency", "2", "--without-gossip", "--without-mingle", "--hostname", f"{name}@%h"]
    return Program(argv, " ready.")
