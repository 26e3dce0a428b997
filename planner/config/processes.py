"""The command lines of the product's own processes: what `up` starts here, and compose.yaml in containers."""

import os
import sys
from pathlib import Path

from django.conf import settings

from planner.config import embedded_places as places
from planner.config import queues
from planner.config.supervision import Child

WEB = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--preload"]
WEB += ["--access-logfile", "-", "--no-control-socket"]
HAND = ["worker", "--loglevel", "INFO", "--concurrency", "1", "--without-gossip", "--without-mingle"]
HAND += ["--without-heartbeat"]


def everything(*, bind: str, port: int, hands: int, clocks: int) -> list[Child]:
    """Web, hands and clocks in the order of their start; of the hands, half (at least one) only publish."""
    found = [web(bind, port)]
    for number in range(1, hands + 1):
        found.append(hand(number, ["publish"] if number <= hands // 2 else ["notify", "ingest"]))
    return found + [clock(number) for number in range(1, clocks + 1)]


def web(bind: str, port: int) -> Child:
    """The pages."""
    argv = _module("gunicorn", "planner.config.wsgi", "--bind", f"{bind}:{port}", *WEB)
    return Child("web", "web", argv, places.log_dir() / "web.log")


def hand(number: int, kinds: list[str]) -> Child:
    """A Celery worker for these kinds of work; it may take half a minute to finish what it holds."""
    names = queues.names(settings.PLANNER_QUEUE_PREFIX)
    wanted = ",".join(names[kind] for kind in kinds)
    place = ["--queues", wanted, "--hostname", f"hand-{number}@{os.getpid()}"]
    argv = _module("celery", "-A", "planner.config.celery", *HAND, *place)
    return Child("hands", f"hand-{number} ({', '.join(kinds)})", argv, places.log_dir() / f"hand-{number}.log", 30)


def clock(number: int) -> Child:
    """A clock; the first one that is ready leads, the others stand by."""
    argv = [sys.executable, str(places.BASE_DIR / "manage.py"), "clock"]
    return Child("clocks", f"clock-{number}", argv, places.log_dir() / f"clock-{number}.log")


def receiver(port: int, file: Path) -> Child:
    """The demonstration's outside world."""
    argv = _module("planner.config.demo_receiver", str(port), str(file))
    return Child("receiver", "receiver", argv, places.log_dir() / "receiver.log", 2)


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]
