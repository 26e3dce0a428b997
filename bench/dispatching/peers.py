"""The peers as contenders, each as its own documentation would have it for posts that are due at a moment.

django-celery-beat: clocked one-off tasks, `max_interval` 1 s (it sends one task a tick, and reads its table again when
that changed); what it has sent it writes down on its default (`sync_every` three minutes). Celery `eta`: see peer_app.
APScheduler 3 on PostgreSQL: ten threads; once with `misfire_grace_time=None`, once with its default of a second. None
of them has a journal, an approval or a state to keep: they only post.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from dispatching import diary
from dispatching.contender import Posts, Program, empty, worker

ROOT = Path(__file__).resolve().parents[2]


class _Peer:
    """Handed over and taken are what its processes noted; the first time counts."""

    name = ""
    way = ""

    def __init__(self, environment: dict[str, str], diary_file: Path, hands: int) -> None:
        self._environment, self._diary, self._hands = environment, diary_file, hands

    def reset(self) -> None:
        empty(self._environment["BENCH_BROKER"])

    def make(self, count: int) -> list[str]:
        return [str(uuid4()) for _ in range(count)]

    def environment(self) -> dict[str, str]:
        return os.environ | self._environment | {"BENCH_WAY": self.way}

    def moments(self, keys: list[str], what: str) -> dict[str, float]:
        noted = diary.read(self._diary, what)
        return {key: min(noted[key]) for key in keys if key in noted}

    def told(self, keys: list[str]) -> set[str]:
        return set()

    def has_ended(self, keys: list[str], there: set[str]) -> bool:
        return set(keys) <= there

    def _give(self, argv: list[str], posts: Posts) -> None:
        environment, said = self.environment(), json.dumps(posts)
        done = subprocess.run(argv, cwd=ROOT, env=environment, input=said, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(argv)}:\n{done.stderr}")

    def _workers(self) -> list[Program]:
        return [worker("dispatching.peer_app", f"bench.{self.way}", f"{self.way}{n}") for n in range(self._hands)]


class Beat(_Peer):
    name, way = "django-celery-beat", "beat"

    def environment(self) -> dict[str, str]:
        return super().environment() | {"DJANGO_SETTINGS_MODULE": "dispatching.peer_settings"}

    def set_due(self, posts: Posts) -> None:
        self._give([sys.executable, "-m", "dispatching.peer_beat"], posts)

    def programs(self) -> list[Program]:
        argv = [sys.executable, "-m", "celery", "-A", "dispatching.peer_app", "beat", "--loglevel=INFO", "--pidfile="]
        argv += ["--scheduler", "django_celery_beat.schedulers:DatabaseScheduler", "--max-interval", "1"]
        return [*self._workers(), Program(argv, "beat: Starting...")]


class Eta(_Peer):
    name, way = "Celery eta", "eta"

    def set_due(self, posts: Posts) -> None:
        self._give([sys.executable, "-m", "dispatching.peer_eta"], posts)

    def programs(self) -> list[Program]:
        return self._workers()


class APScheduler(_Peer):
    way = "apscheduler"

    def __init__(self, environment: dict[str, str], diary_file: Path, grace: str) -> None:
        super().__init__(environment, diary_file, 0)
        self.name = "APScheduler" if grace == "none" else "APScheduler, default grace"
        self._argv = [sys.executable, "-m", "dispatching.peer_apscheduler", f"jobs_{grace}", grace]

    def set_due(self, posts: Posts) -> None:
        self._give(self._argv, posts)

    def programs(self) -> list[Program]:
        return [Program(self._argv, "The scheduler runs.")]
