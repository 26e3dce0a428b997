"""One race: posts fall due, perhaps everything is killed half-way and started again, and the lags are read."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dispatching.contender import Contender, House

HALF_WAY, AWAY = 10.0, 2.0  # seconds: half-way is half of the posts at the channel, or so long; they are away so long
QUIET = 20.0  # seconds without an arrival after which a race is over in which nothing was killed


@dataclass(frozen=True, slots=True)
class Lags:
    """Seconds from due to each stage, p50/p99/max over the posts that reached it; then counts."""

    contender: str
    race: str
    posts: int
    handed_over: tuple[float, float, float] | None
    taken: tuple[float, float, float] | None
    at_the_channel: tuple[float, float, float] | None
    too_early: int
    doubled: int
    lost: int
    told: int
    load: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many posts, `apart` seconds between two of them, whether everything is killed half-way, and N."""

    name: str
    count: int
    apart: float
    killed: bool
    patience: float  # N: seconds after the restart (or the last due moment) after which a post counts as lost


class NotReady(Exception):
    """Posts were due before everybody's processes had started."""


def run(contenders: Sequence[Contender], plan: Plan, record: Path, folder: Path) -> list[Lags]:
    """All of these contenders at once, on the same moments; again with more time to start when the machine was slow."""
    lead = 10 + plan.count / 50 + 5 * len(contenders)
    for factor in (1, 2, 4):
        try:
            return _run(contenders, plan, record, folder, lead * factor)
        except NotReady:
            continue
    raise SystemExit(f"{plan.name}: not ready {4 * lead:.0f} s after their start")


def _run(contenders: Sequence[Contender], plan: Plan, record: Path, folder: Path, lead: float) -> list[Lags]:
    for contender in contenders:
        contender.reset()
    keys = [contender.make(plan.count) for contender in contenders]
    first = time.time() + lead
    due = [{key: first + plan.apart * number for number, key in enumerate(own)} for own in keys]
    houses = [House(contender, folder) for contender in contenders]
    try:
        for contender, moments, house in zip(contenders, due, houses, strict=True):
            contender.set_due(list(moments.items()))
            house.start()
        for house in houses:
            house.wait()
        if (left := first - time.time()) < 0:
            raise NotReady
        time.sleep(left)
        began = time.time()
        if plan.killed:
            _kill(houses, keys, plan, record)
            began = time.time()
        _wait(contenders, keys, max(began, first + plan.apart * (plan.count - 1)), plan, record)
        return [_read(*each, plan, record) for each in zip(contenders, due, strict=True)]
    finally:
        for house in houses:
            house.stop()


def _kill(houses: list[House], keys: list[list[str]], plan: Plan, record: Path) -> None:
    wanted = {key for own in keys for key in own}
    half = plan.apart * plan.count / 2 or HALF_WAY
    deadline = time.time() + half
    while time.time() < deadline and (plan.apart or len(wanted & arrivals(record).keys()) < len(wanted) / 2):
        time.sleep(0.01)
    for house in houses:
        house.kill()
    time.sleep(AWAY)
    for house in houses:
        house.start()


def _wait(contenders: Sequence[Contender], keys: list[list[str]], since: float, plan: Plan, record: Path) -> None:
    def is_over() -> bool:
        there = arrivals(record)
        last = max((at for own in keys for key in own for at in there.get(key, [])), default=since)
        if not plan.killed and time.time() > max(last, since) + QUIET:
            return True
        pairs = zip(contenders, keys, strict=True)
        return all(contender.has_ended(own, set(there)) for contender, own in pairs)

    _until(is_over, since + plan.patience)
    time.sleep(1)  # a second copy would come about now


def _until(condition: Callable[[], bool], deadline: float) -> None:
    while time.time() < deadline and not condition():
        time.sleep(0.3)


def arrivals(record: Path) -> dict[str, list[float]]:
    """When each key came to the channel, by the channel's own record."""
    found: dict[str, list[float]] = {}
    for line in record.read_text().splitlines()[1:]:
        arrival = json.loads(line)
        found.setdefault(arrival["key"], []).append(arrival["at"])
    return found


def _read(contender: Contender, due: dict[str, float], plan: Plan, record: Path) -> Lags:
    keys, there = list(due), {key: at for key, at in arrivals(record).items() if key in due}
    first = {key: min(at) for key, at in there.items()}
    missing = set(keys) - there.keys()
    told = contender.told(keys)
    return Lags(
        contender=contender.name,
        race=plan.name,
        posts=len(keys),
        handed_over=quantiles(due, contender.moments(keys, "handed")),
        taken=quantiles(due, contender.moments(keys, "taken")),
        at_the_channel=quantiles(due, first),
        too_early=sum(at < due[key] for key, at in first.items()),
        doubled=sum(Counter({key: len(at) - 1 for key, at in there.items()}).values()),
        lost=len(missing - told),
        told=len(told),
        load=_load(),
    )


def quantiles(due: dict[str, float], at: dict[str, float]) -> tuple[float, float, float] | None:
    """p50, p99 and the largest lag in seconds, of those that got so far."""
    lags = sorted(moment - due[key] for key, moment in at.items())
    if not lags:
        return None
    p50, p99 = (lags[min(int(share * len(lags)), len(lags) - 1)] for share in (0.5, 0.99))
    return round(p50, 3), round(p99, 3), round(lags[-1], 3)


def _load() -> float:
    return float(Path("/proc/loadavg").read_text().split()[0])
