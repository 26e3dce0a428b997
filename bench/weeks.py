"""Real weeks for bench/backtest.py: the slices of ../shared/data/ira, read by the product's own rules.

Floods stand for claims, distinct messages give the shape of the week, hashtags of a flood's text stand for storylines.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from planner.claims.adapters import ira
from planner.claims.core.fingerprint import fingerprint
from planner.claims.core.floods import Copy, find_floods
from planner.claims.core.observed import Observed as Sighting
from planner.journal.core.intake import Fault
from planner.journal.intake import Intake
from planner.tempo.core.rates import Observed
from planner.wallclock import to_instant

DATA = Path(__file__).resolve().parents[2] / "shared/data/ira"
HASHTAG = re.compile(r"#(\w{3,})")
STORYLINES = 5  # for which the plan proposes cleared lines


@dataclass(frozen=True)
class Slice:
    """A file, the zone of those who answer it (the theatre), its first day there, how many weeks, the first k."""

    name: str
    zone: str
    first: str
    weeks: int
    known: int

    @property
    def starts(self) -> list[datetime]:
        """The theatre's midnight before each week, and after the last."""
        first, zone = datetime.fromisoformat(self.first), ZoneInfo(self.zone)
        days = [first + timedelta(days=7 * week) for week in range(self.weeks + 1)]
        return [to_instant(datetime.combine(day, time()), zone) for day in days]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return DATA / f"{self.name}.csv.gz"


SLICES = (
    Slice("all_2016-03-14_2016-03-27_brussels", "Europe/Brussels", "2016-03-14", 2, 1),
    Slice("all_2017-09-25_2017-10-08_botnet24", "America/New_York", "2017-09-25", 2, 1),
    Slice("ru_all_2015-09-15_2015-10-31", "Europe/Moscow", "2015-09-14", 7, 3),
    Slice("hashtaggamer_2016-01_2016-06", "America/New_York", "2016-01-04", 25, 4),
)


@dataclass(frozen=True)
class Seen:
    """What was posted: floods and distinct messages, seconds since 1970, ascending; the hashtags of each flood."""

    floods: np.ndarray
    messages: np.ndarray
    tags: list[frozenset[str]]

    def known(self, start: datetime, cut: datetime) -> tuple[Observed, Observed]:
        """Floods and messages of [start, cut)."""
        parts = (part[_inside(part, start, cut)] for part in (self.floods, self.messages))
        level, shape = (Observed(part, np.ones(len(part)), start, cut) for part in parts)
        return level, shape

    def came(self, start: datetime, end: datetime) -> np.ndarray:
        """The floods of [start, end)."""
        return self.floods[_inside(self.floods, start, end)]

    def foreseen(self, start: datetime, end: datetime) -> int:
        """How many floods of [start, end) bear one of the hashtags that most floods bore before."""
        before = Counter(tag for at, tags in self._tagged() if at < start.timestamp() for tag in tags)
        storylines = {tag for tag, _ in before.most_common(STORYLINES)}
        return sum(bool(tags & storylines) for at, tags in self._tagged() if start.timestamp() <= at < end.timestamp())

    def _tagged(self) -> Iterator[tuple[float, frozenset[str]]]:
        return zip(self.floods.tolist(), self.tags, strict=True)


def _inside(part: np.ndarray, start: datetime, end: datetime) -> np.ndarray:
    return (part >= start.timestamp()) & (part < end.timestamp())


def read(path: Path) -> Seen:
    """The floods of a file, and its distinct messages of each day (a flood once), as tempo counts them."""
    copies: dict[int, list[Copy]] = defaultdict(list)
    texts: dict[int, str] = {}
    for number, (sighting, print_) in enumerate(_sightings(path)):
        copies[print_].append(Copy(sighting.posted_at, sighting.author, number))
        texts.setdefault(print_, sighting.text)
    floods: list[tuple[float, frozenset[str]]] = []
    messages: list[float] = []
    for print_, theirs in copies.items():
        found = find_floods(theirs)
        tags = frozenset(HASHTAG.findall(texts[print_].lower()))
        floods += [(flood.started_at.timestamp(), tags) for flood in found]
        loose = (c for c in theirs if not any(f.started_at <= c.posted_at <= f.ended_at for f in found))
        firsts: dict[object, float] = {}
        for copy in sorted(loose):
            firsts.setdefault(copy.posted_at.astimezone(UTC).date(), copy.posted_at.timestamp())
        messages += firsts.values()
    floods.sort(key=lambda flood: flood[0])
    starts = np.array([at for at, _ in floods])
    return Seen(starts, np.sort([*messages, *starts]), [tags for _, tags in floods])


def _sightings(path: Path) -> Iterator[tuple[Sighting, int]]:
    once: set[tuple[str, str]] = set()
    with Intake(path, kind="csv") as intake:
        for row in intake.rows(required=ira.READER.required, known=ira.READER.known):
            try:
                sighting = ira.read(row, None)
            except Fault as fault:
                intake.refuse(row, fault)
                continue
            if (sighting.source, sighting.external_id) not in once:
                once.add((sighting.source, sighting.external_id))
                yield sighting, fingerprint(sighting.text)
