"""How late posts leave that are due in one second, and one a second, beside other schedulers; then with SIGKILL.

    .venv/bin/python bench/dispatch.py [--posts 1000] [--minute 60] [--clocks 2] [--hands 2] [--patience 75]
                                       [--without-peers] [--without-kill] [--json]

Real processes against scratch databases, which are dropped at the end. The channel is a process of its own
(dispatching/receiver.py) to which all of them post by the same call of the same adapter; its record says when each post
came, and whether any key came twice. The races: a burst (all posts due at one moment, each contender alone), a minute
(one post a second, all contenders at once), and both again with every scheduler and worker killed with SIGKILL half-way
(when half of the posts of a burst have arrived, or after 10 s) and started again 2 s later.

What is measured, from the moment a post is due, of all alike:
  handed over     the scheduler's part is done, an idle worker could begin. Ours: another connection sees the row as
                  QUEUED, and a call for a hand sent after that is in the broker; beat: the task is in the broker;
                  `eta`: the worker's timer gave the task to its pool; APScheduler: the job is with its executor
  taken           a worker begins with it. Ours: SENDING in the row; the others: the first line of the task
  at the channel  it has arrived
  doubled         arrivals of a key after its first
  lost            not at the channel N s (`--patience`) after the restart, and nobody was told
  told            ours only: not out, or perhaps not, and a person was asked (a hand died while sending: uncertain)

Ours goes through approval, row locks and the journal; the peers (dispatching/peers.py: how each is set up, and why)
only post. Target: ours handed over p99 ≤ 0.5 s for 1,000 posts on two cores, 0 lost, 0 doubled, killed or not.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django  # noqa: E402
import psycopg  # noqa: E402
from dispatching import diary, race  # noqa: E402
from dispatching.contender import Contender  # noqa: E402
from django.db import connection  # noqa: E402

from planner.config import embedded  # noqa: E402

DATABASE, PEERS_DATABASE = "bench_dispatch", "bench_dispatch_peers"
# Databases of the embedded Valkey: workers give back what others hold unacknowledged in theirs, by their own time-outs.
OUR_BROKER, BEAT_BROKER, ETA_BROKER = 13, 14, 15


def main() -> None:
    """Print a table a race and ratios, or one JSON document."""
    options = _options()
    if embedded.wanted() != ["postgres", "valkey"]:
        sys.exit("This measures on the embedded pair: unset PLANNER_DATABASE_URL and PLANNER_BROKER_URL.")
    django.setup()
    with embedded.servers(), contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _scratch_databases(stack)
        record = folder / "record"
        contenders = _contenders(stack, folder, record, options)
        found = []
        for plan in _plans(options):
            found += _run(contenders, plan, record, folder, quiet=options.json)
    if options.json:
        print(json.dumps({"races": [lags.as_json() for lags in found]}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=1000, help="due at one moment; 0: none")
    parser.add_argument("--minute", type=int, default=60, help="posts one a second; 0: none")
    parser.add_argument("--clocks", type=int, default=2)
    parser.add_argument("--hands", type=int, default=2, help="worker processes, two at a time each")
    parser.add_argument("--patience", type=float, default=75, help="seconds until what has not arrived counts as lost")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--without-kill", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _plans(options: argparse.Namespace) -> list[race.Plan]:
    plans = []
    for killed in (False, True)[: 1 if options.without_kill else 2]:
        end = ", killed half-way" if killed else ""
        if options.posts:
            plans.append(race.Plan(f"burst of {options.posts}{end}", options.posts, 0, killed, options.patience))
        if options.minute:
            plans.append(race.Plan(f"one a second{end}", options.minute, 1, killed, options.patience))
    return plans


def _run(contenders: list[Contender], plan: race.Plan, record: Path, folder: Path, *, quiet: bool) -> list[race.Lags]:
    """One race: a burst each by itself, a minute all at once."""
    groups = [contenders] if plan.apart else [[contender] for contender in contenders]
    found = []
    for group in groups:
        found += race.run(group, plan, record, folder)
    if not quiet:
        print(_table(plan, found), flush=True)
    return found


def _table(plan: race.Plan, found: list[race.Lags]) -> str:
    """The race for people: each stage, and p99 handed over and p99 at the channel as multiples of ours."""
    lines = ["", f"{plan.name}: seconds after due, p50 / p99 / max"]
    stages = "".join(f"{stage:<23}" for stage in ("handed over", "taken", "at the channel"))
    lines.append(f"{'':<27}{stages}{'early':>6}{'doubled':>8}{'lost':>6}{'told':>5}{'load':>6}  p99 to ours")
    ours = found[0]
    for lags in found:
        stages = "".join(f"{_three(each):<23}" for each in (lags.handed_over, lags.taken, lags.at_the_channel))
        counts = f"{lags.too_early:>6}{lags.doubled:>8}{lags.lost:>6}{lags.told:>5}{lags.load:>6.1f}"
        pairs = ((lags.handed_over, ours.handed_over), (lags.at_the_channel, ours.at_the_channel))
        ratios = " ".join(f"×{theirs[1] / max(own[1], 0.001):.1f}" for theirs, own in pairs if theirs and own)
        lines.append(f"{lags.contender:<27}{stages}{counts}  {ratios}")
    return "\n".join(lines)


def _three(each: tuple[float, float, float] | None) -> str:
    return "-" if each is None else " / ".join(f"{value:.2f}" for value in each)


def _scratch_databases(stack: contextlib.ExitStack) -> None:
    home = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    stack.callback(connection.creation.destroy_test_db, home, verbosity=0)


def _contenders(
    stack: contextlib.ExitStack, folder: Path, record: Path, options: argparse.Namespace
) -> list[Contender]:
    # Models may be imported only after django.setup().
    from dispatching import ours, peers

    url = f"http://127.0.0.1:{stack.enter_context(_receiver(record))}/hook"
    notes = folder / "diary"
    notes.touch()
    os.environ |= {diary.VARIABLE: str(notes), "PYTHONPATH": f"{ROOT / 'bench'}:{ROOT}"}
    planner = ours.Ours(url, embedded.broker_url(OUR_BROKER), notes, options.clocks, options.hands)
    stack.enter_context(planner.watched())
    if options.without_peers:
        return [planner]
    stack.enter_context(_peers_database(ours.database_url("postgres")))
    environment = {
        "BENCH_URL": url,
        "BENCH_BROKER": embedded.broker_url(BEAT_BROKER),
        "BENCH_DATABASE": ours.database_url(PEERS_DATABASE),
    }
    etas = environment | {"BENCH_BROKER": embedded.broker_url(ETA_BROKER)}
    rest = [peers.Beat(environment, notes, options.hands), peers.Eta(etas, notes, options.hands)]
    return [planner, *rest, *(peers.APScheduler(environment, notes, grace) for grace in ("none", "default"))]


@contextlib.contextmanager
def _peers_database(server: str) -> Iterator[None]:
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {PEERS_DATABASE} WITH (FORCE)")
        link.execute(f"CREATE DATABASE {PEERS_DATABASE}")
        try:
            yield
        finally:
            link.execute(f"DROP DATABASE {PEERS_DATABASE} WITH (FORCE)")


@contextlib.contextmanager
def _receiver(record: Path) -> Iterator[int]:
    with record.open("wb") as stream:
        process = subprocess.Popen([sys.executable, ROOT / "bench/dispatching/receiver.py"], stdout=stream)
    try:
        while not record.read_text().strip():
            time.sleep(0.05)
        yield int(record.read_text().splitlines()[0])
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
