"""How late posts leave that are all due in one second, through journal, approval, clock, broker, hands and channel.

    .venv/bin/python bench/dispatch.py [--posts 200] [--clocks 2] [--hands 2] [--json]

Real processes against a scratch database, which is dropped at the end. The channel is a server of its own
(receiver.py) whose record says when each post arrived and whether any key came twice. Target: p99 at the channel ≤ 2 s
for 200 posts on two cores.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django  # noqa: E402
from django.db import connection  # noqa: E402

from planner.config import embedded, queues  # noqa: E402

DATABASE, PREFIX = "bench_dispatch", "bench."
PATIENCE = 120  # seconds after the due moment until what has not arrived counts as lost


def main() -> None:
    """Print one line per figure, or one JSON document."""
    options = _options()
    django.setup()
    with embedded.servers(), contextlib.ExitStack() as stack:
        home = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        stack.callback(connection.creation.destroy_test_db, home, verbosity=0)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        record = folder / "record"
        port = stack.enter_context(_receiver(record))
        _start_house(stack, folder, options)
        keys = _schedule(options.posts, f"http://127.0.0.1:{port}/hook", datetime.now(UTC) + timedelta(hours=1))
        due_at = _all_due_in(timedelta(seconds=5))
        time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
        result = _measured(keys, due_at, record)
    print(json.dumps(result) if options.json else "\n".join(f"{name:<36}{value}" for name, value in result.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--clocks", type=int, default=2)
    parser.add_argument("--hands", type=int, default=2, help="worker processes, two at a time each")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _schedule(count: int, url: str, due_at: datetime) -> list[str]:
    """That many approved posts on one channel, written by the product's own services."""
    # Models may be imported only after django.setup().
    from planner.claims.services import decide, make_claim
    from planner.publishing.services import register_channel, schedule
    from planner.rebuttals.services import approve, save_draft, start, submit
    from tests.factories import make_person

    now = datetime.now(UTC)
    author, approver = make_person("Amira Saleh", roles=["officer"]), make_person("Omar Aziz", roles=["approver"])
    words = {"owner": "Press office", "attribution": "Ministry of Examples", "secret": "bench " * 4}
    channel = register_channel(name="Bench", kind="webhook", address=url, now=now, by=None, **words)
    keys = []
    for number in range(count):
        broke = now - timedelta(minutes=30)
        claim = make_claim(text=f"Claim {number}", broke_earliest=broke, broke_latest=broke, now=now, by=author)
        decide(claim, decision="answer", by=author, now=now)
        rebuttal = start(claim=claim, now=now)
        draft = save_draft(rebuttal, language="en", text=f"Fact {number}.", author=author, now=now)
        submit(draft, by=author, now=now)
        approval = approve(draft, approver=approver, now=now, text_sha256=draft.text_sha256)
        expires_at = due_at + timedelta(hours=4)
        post = schedule(
            approval, channel=channel, claim=claim, due_at=due_at, expires_at=expires_at, by=author, now=now
        )
        keys.append(str(post.uuid))
    return keys


def _all_due_in(wait: timedelta) -> datetime:
    """Move every post to one and the same moment, and tell the clock."""
    from planner.leases.services import notify_due
    from planner.publishing.models import Post

    due_at = datetime.now(UTC) + wait
    Post.objects.update(due_at=due_at, next_try_at=due_at)
    notify_due()
    return due_at


def _measured(keys: list[str], due_at: datetime, record: Path) -> dict[str, object]:
    from planner.publishing.models import Post

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and Post.objects.filter(
        state__in=["published", "uncertain", "failed"]
    ).count() < len(keys):
        time.sleep(0.2)
    arrivals = [json.loads(line) for line in record.read_text().splitlines()[1:]]
    seen = Counter(arrival["key"] for arrival in arrivals)
    first = {arrival["key"]: arrival["at"] for arrival in reversed(arrivals)}
    posts = list(Post.objects.all())
    taken = [(post.sending_at - due_at).total_seconds() for post in posts if post.sending_at]
    handed = [(post.queued_at - due_at).total_seconds() for post in posts if post.queued_at]
    return {
        "posts": len(keys),
        "handed over, p50/p99/max s": _quantiles(handed),
        "taken by a hand, p50/p99/max s": _quantiles(taken),
        "at the channel, p50/p99/max s": _quantiles([at - due_at.timestamp() for at in first.values()]),
        "too early": sum(at < due_at.timestamp() for at in first.values()),
        "doubled": sum(count - 1 for count in seen.values()),
        "lost": len(set(keys) - set(seen)),
        "not published": sum(post.state != "published" for post in posts),
    }


def _quantiles(values: list[float]) -> str:
    ranked = sorted(values) or [float("nan")]
    p50, p99 = (ranked[min(int(share * len(ranked)), len(ranked) - 1)] for share in (0.5, 0.99))
    return f"{p50:.2f} / {p99:.2f} / {ranked[-1]:.2f}"


@contextlib.contextmanager
def _receiver(record: Path) -> Iterator[int]:
    with record.open("wb") as stream:
        process = subprocess.Popen([sys.executable, ROOT / "bench/receiver.py"], stdout=stream)
    try:
        while not record.read_text().strip():
            time.sleep(0.05)
        yield int(record.read_text().splitlines()[0])
    finally:
        process.terminate()
        process.wait()


def _database_url() -> str:
    """The scratch database as an address for the children."""
    settings = connection.settings_dict
    user = ":".join(quote(part, safe="") for part in (settings["USER"], settings["PASSWORD"]) if part)
    place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    return f"postgresql://{user}@{place}/{settings['NAME']}?{urlencode(settings['OPTIONS'], quote_via=quote)}"


def _start_house(stack: contextlib.ExitStack, folder: Path, options: argparse.Namespace) -> None:
    """Clocks and hands on the scratch database, each ready for work."""
    environment = os.environ | {
        "PLANNER_DATABASE_URL": _database_url(),
        "PLANNER_BROKER_URL": embedded.broker_url(),
        "PLANNER_QUEUE_PREFIX": PREFIX,
        "PLANNER_LOG_LEVEL": os.environ.get("PLANNER_LOG_LEVEL", "WARNING"),
    }
    worker = [sys.executable, "-m", "celery", "-A", "planner.config.celery", "worker", "--loglevel=INFO"]
    worker += [
        "--queues",
        queues.names(PREFIX)["publish"],
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
    ]
    clock = [sys.executable, "manage.py", "clock"]
    commands = [[*worker, "--hostname", f"bench{number}@%h"] for number in range(options.hands)]
    commands += [clock for _number in range(options.clocks)]
    for number, command in enumerate(commands):
        log = folder / f"{number}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=stream)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        ready = " ready." if command is not clock else "The clock runs."
        while ready not in log.read_text(errors="replace"):
            if process.poll() is not None:
                sys.exit(log.read_text(errors="replace"))
            time.sleep(0.1)


if __name__ == "__main__":
    main()
