"""A night on which everything fails: posts fall due while hands, clocks, broker and database are killed at random.

    python -m tests.chaos.night [--posts 500] [--seconds 180] [--seed 1] [--patient] [--logs FOLDER]

Runs on an embedded pair of its own (PLANNER_VAR_DIR), or on the broker that PLANNER_BROKER_URL names: killed where
.ci/with_services.py keeps it, else emptied. The channel misbehaves, too. Prints one JSON document: what became of every
post, what the channel's own record says, and which faults there were. `--patient` waits for leases to end by
themselves, as the product does, and its channel may hang for longer than a hand waits; without it posts live shorter,
and leases are aged once no living hand can hold one any more.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import Error, close_old_connections, connection
from django.db.models import F

from planner.config import embedded
from tests.chaos.house import House
from tests.chaos.threads import MoodyAccount, broken, public_parts, write_threads
from tests.doubles.processes import REPOSITORY, eventually
from tests.doubles.webhook import Answer, Received, WebhookServer

CHANNELS = 6
THREADED = 8  # for so many posts there is one thread besides
READY = timedelta(seconds=10)  # until the hands and clocks run for the first time
ENDED = ("published", "failed", "stopped", "uncertain")
# How the channel answers: most posts are taken, some in the ways that double or lose posts elsewhere.
MOODS: list[tuple[float, Callable[[], Answer]]] = [
    (0.72, lambda: Answer(200)),
    (0.06, lambda: Answer(429, headers={"Retry-After": "2"})),
    (0.05, lambda: Answer(500, kept=False)),
    (0.05, lambda: Answer(cut=True, kept=True)),
    (0.04, lambda: Answer(cut=True, kept=False)),
    (0.03, lambda: Answer(422)),
    (0.04, lambda: Answer(200, hang=1.5)),
]
LONG_HANG = (0.01, lambda: Answer(200, hang=14, kept=True))


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a post is worth sending; when a third of them no longer goes out by itself; seconds between faults.

    `longest_send`: seconds after which whatever a living hand was sending has an outcome. A hand that is started again
    needs about four seconds before it takes a post.
    """

    life: timedelta
    late: timedelta
    between_faults: tuple[float, float]
    longest_send: float


PATIENT = Pace(timedelta(seconds=75), timedelta(seconds=20), (2, 6), 25)
BRIEF = Pace(timedelta(seconds=30), timedelta(seconds=12), (1, 3), 5)


def main() -> None:
    """Run the night and print its verdict."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")
    pace = PATIENT if options.patient else BRIEF
    with (
        embedded.servers(),
        tempfile.TemporaryDirectory() as folder,
        _channel(options) as server,
        _account() as account,
    ):
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        dice = random.Random(options.seed)
        first = datetime.now(UTC) + READY
        house = House(options.logs or Path(folder), dice)
        try:
            uuids = _posts(server.url, options, first, pace, dice)
            period, life = timedelta(seconds=options.seconds), pace.life
            apart = {"first": first, "period": period, "life": life, "dice": random.Random(options.seed + 2)}
            uuids += write_threads(account, options.posts // THREADED, **apart)
            _nightfall(house, first, options.seconds, pace)
            _dawn(options, pace)
            print(json.dumps(_verdict(uuids, server, account, house)))
        finally:
            house.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patient", action="store_true")
    parser.add_argument("--logs", type=Path, help="an existing folder for the logs of hands and clocks")
    return parser.parse_args()


@contextlib.contextmanager
def _channel(options: argparse.Namespace) -> Iterator[WebhookServer]:
    """A channel with moods of its own; half of its addresses can be asked what they hold."""
    server, dice = WebhookServer(), random.Random(options.seed + 1)
    moods = [*MOODS, LONG_HANG] if options.patient else MOODS
    answers, weights = [make for _share, make in moods], [share for share, _make in moods]
    server.on_post = lambda _request: dice.choices(answers, weights)[0]()
    server.on_get = lambda path: (200, {}) if any(_key(post) in path for post in list(server.posts)) else (404, {})
    with contextlib.closing(_Started(server)):
        yield server


@contextlib.contextmanager
def _account() -> Iterator[MoodyAccount]:
    """An account on which threads stand, with the same moods."""
    dice = random.Random(3)
    answers, weights = [make for _share, make in MOODS], [share for share, _make in MOODS]
    account = MoodyAccount(lambda: dice.choices(answers, weights)[0]())
    with contextlib.closing(_Started(account)):
        yield account


class _Started:
    def __init__(self, server: WebhookServer) -> None:
        self.server = server.start()

    def close(self) -> None:
        self.server.stop()


def _posts(url: str, options: argparse.Namespace, first: datetime, pace: Pace, dice: random.Random) -> list[str]:
    """Approved posts on several channels, due at random moments of the period."""
    from tests.factories import make_approval, make_channel, make_draft, make_person, make_post

    author, approver = make_person("Amira Saleh", roles=["officer"]), make_person("Omar Aziz", roles=["approver"])
    at = first - timedelta(hours=1)
    kinds = [{"can_be_asked": True}, {}]
    channels = [make_channel(f"{url}?site={n}", at=at, options=kinds[n % 2]) for n in range(CHANNELS)]
    uuids, period = [], timedelta(seconds=options.seconds)
    for number in range(options.posts):
        approval = make_approval(make_draft(at=at, text=f"Fact {number}.", author=author), at=at, approver=approver)
        due_at = first + period * dice.random()
        times = {"at": at, "due_at": due_at, "expires_at": due_at + pace.life}
        if number % 3 == 0:
            times["late_at"] = due_at + pace.late
        uuids.append(str(make_post(approval, channel=channels[number % CHANNELS], **times).uuid))
    return uuids


def _nightfall(house: House, first: datetime, seconds: float, pace: Pace) -> None:
    """Faults at random moments, from the first due moment to the last."""
    time.sleep(max(0.0, (first - datetime.now(UTC)).total_seconds()))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(house.dice.uniform(*pace.between_faults))
        house.fail()


def _dawn(options: argparse.Namespace, pace: Pace) -> None:
    """Wait until every post has ended."""
    if not options.patient:
        time.sleep(pace.longest_send)
        eventually(lambda: _asked(_age_leases), within=60)
    eventually(lambda: _asked(_all_ended), within=300, every=0.5)
    eventually(lambda: _asked(_all_told), within=30, every=0.5)


def _age_leases() -> bool:
    from planner.publishing.models import Post

    Post.objects.filter(state="sending").update(leased_until=datetime.now(UTC))
    return True


def _all_ended() -> bool:
    from planner.publishing.models import Post

    return not Post.objects.exclude(state__in=ENDED).exists()


def _all_told() -> bool:
    return not _untold()


def _untold() -> list[str]:
    """Posts that did not go out, and about which nobody was told."""
    from planner.notices.models import Notice
    from planner.publishing.models import Post

    silent = Post.objects.exclude(state="published").values_list("uuid", flat=True)
    return [str(uuid) for uuid in silent if not Notice.objects.filter(key__startswith=f"post:{uuid}:").exists()]


def _asked(question: Callable[[], Any]) -> Any:
    """The answer of a database that may be away; None while it is."""
    try:
        close_old_connections()
        return question()
    except Error:
        connection.close()
        return None


def _verdict(uuids: list[str], server: WebhookServer, account: MoodyAccount, house: House) -> dict[str, Any]:
    from planner.publishing.models import Post

    public = Counter(_key(post) for post in server.posts) + public_parts(account)
    states = dict(Post.objects.values_list("uuid", "state"))
    return {
        "posts": len(uuids),
        "states": Counter(states.values()),
        "faults": house.faults,
        "complaints": house.complaints(),
        "requests": len(server.received),
        "doubled": [key for key, count in public.items() if count > 1],
        "published_but_not_public": [str(u) for u, s in states.items() if s == "published" and not public[str(u)]],
        "stopped_but_public": [str(u) for u, s in states.items() if s == "stopped" and public[str(u)]],
        "lost": sorted(set(uuids) - {str(uuid) for uuid in states}),
        "untold": _untold(),
        "thread_broken": broken(account),
        "in_threads": sum(public_parts(account).values()),
        "late": Post.objects.filter(late_told_at__isnull=False).count(),
        "sent_late": [
            str(uuid) for uuid in Post.objects.filter(sending_at__gte=F("late_at")).values_list("uuid", flat=True)
        ],
        "journal_stands": _journal_stands(),
    }


def _journal_stands() -> bool:
    return subprocess.run([sys.executable, "manage.py", "verify_journal"], capture_output=True).returncode == 0


def _key(post: Received) -> str:
    return post.headers.get("idempotency-key", "?")


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    main()
