"""How well the tempo is foretold on real data, beside four who guess: uniform, histogram, last week, statsforecast.

    .venv/bin/python bench/forecast.py [FOLDER]

FOLDER holds slices as ../shared/data/ira does (*.csv.gz). Each is imported into a scratch database, dropped at the end,
and read through the product's own rules: distinct messages; floods, foretold with the messages' shape. From every past
moment (weeks apart; days apart where a slice is short) all foretell the same seven days from the same past. Scores are
those of planner/tempo/core/scores.py; forecasts that reach 0 are lifted to half an event per week watched. One line a
figure; differences in nats (above 0: we win), ratios of interval scores (below 1: we win).
"""

import os
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ |= {"NIXTLA_ID_AS_COL": "1", "OMP_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django  # noqa: E402
import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from statsforecast.models import MSTL, AutoETS, SeasonalExponentialSmoothingOptimized, SeasonalNaive  # noqa: E402

from planner.config import embedded  # noqa: E402

django.setup()

from planner.claims.models import Flood, Sighting, Source  # noqa: E402
from planner.claims.services import import_sightings  # noqa: E402
from planner.journal.intake import Intake  # noqa: E402
from planner.tempo import selectors  # noqa: E402
from planner.tempo.core.observed import Evidence, Observed  # noqa: E402
from planner.tempo.core.rates import forecast, learn  # noqa: E402
from planner.tempo.core.scores import (  # noqa: E402
    HELD_OUT,
    Foretold,
    Judged,
    counted,
    cuts,
    guesses,
    judge,
    last_hour,
    poisson,
    sums,
)

SLICES = ROOT.parent / "shared/data/ira"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATABASE = "bench_forecast"
DAY, WEEK = 24, 168
ORIGINS = 26
RUNS = 5


def main() -> None:
    """One line per figure."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SLICES
    slices = [path for path in sorted(folder.glob("*.csv.gz")) if ".floods." not in path.name]
    if not slices:
        print(f"no slices in {folder}: nothing measured (the data is not part of the repository)")
        return
    warnings.filterwarnings("ignore")
    with embedded.servers():
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        home = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            for path in slices:
                measure(path)
        finally:
            connection.creation.destroy_test_db(home, verbosity=0)


def measure(path: Path) -> None:
    """Import one slice; foretell its messages and its floods."""
    for model in (Sighting, Flood, Source):
        model.objects.all().delete()
    with Intake(path) as intake:
        import_sightings(intake, now=NOW)
    for what, sightings in (("messages", True), ("floods", False)):
        known = selectors.evidence(NOW, sightings=sightings)
        if known.basis.value == what:
            report(f"{path.name.split('.')[0]}, {what}", known)
    took = []
    for _run in range(RUNS):
        began = time.perf_counter()
        selectors.forecast(NOW, NOW + HELD_OUT, NOW)
        took.append(time.perf_counter() - began)
    known, began = selectors.evidence(NOW), time.perf_counter()
    learn(known, selectors.theatre())
    learned = time.perf_counter() - began
    print(f"  one forecast, median of {RUNS}    {np.median(took) * 1e3:.0f} ms, of which the model {learned * 1e3:.0f}")


def report(name: str, known: Evidence) -> None:
    """Every forecaster on the same origins of one slice."""
    zone = selectors.theatre()
    level = known.level.before(last_hour(known.level.end, zone))
    tables = []
    for cut in cuts(level.start, level.end, zone, most=ORIGINS):
        past, held = known.before(cut), level.since(cut).before(cut + HELD_OUT)
        if len(past.level.instants) and len(held.instants):
            came = counted(held, zone)
            tables.append({who: judge(said, came) for who, said in foretold(past, held).items()})
    total = {who: sums([table[who] for table in tables]) for who in tables[0]}
    ours = total.pop("ours")
    print(f"{name}: {len(level.instants):,} events in {level.lived / WEEK:.1f} weeks, {len(tables)} origins")
    inside, width = ours.inside / ours.hours, ours.width / ours.hours
    print(f"  inside our 80 % interval   {inside:.0%} of hours, mean width {width:.1f}")
    for who, other in total.items():
        beside(who, ours, other, [table["ours"].when > table[who].when for table in tables])


def beside(who: str, ours: Judged, other: Judged, won: list[bool]) -> None:
    """Ours against one opponent, in three scores."""
    when = (ours.when - other.when) / ours.events
    amount = (ours.amount - other.amount) / ours.hours
    print(
        f"  against {who:22} when {when:+.3f} an event, ahead in {sum(won)} of {len(won)} · amount {amount:+.3f} an"
        f" hour · interval {ours.interval / other.interval:.2f}, theirs holds {other.inside / other.hours:.0%}"
    )


def foretold(past: Evidence, held: Observed) -> dict[str, Foretold]:
    """What each says of the held-out hours."""
    zone = selectors.theatre()
    hours = forecast(learn(past, zone), held.start, held.end)
    ours = Foretold(*(np.array([getattr(hour, key) for hour in hours]) for key in ("expected", "low", "high")))
    table = {"ours": ours} | guesses(past.level, zone, held.start, held.end)
    series = counted(past.level, zone)
    for who, make in OPPONENTS.items():
        table[who] = seasonal(make(len(series)), series, len(hours))
    return table


def seasonal(model, series: np.ndarray, ahead: int) -> Foretold:
    """One model of statsforecast with its own interval; where it has none, that of a Poisson count."""
    floor = 0.5 / (len(series) / WEEK)
    try:
        level = None if isinstance(model, SeasonalExponentialSmoothingOptimized) else [80]  # it knows no interval
        said = model.forecast(y=series.astype(float), h=ahead, level=level)
    except Exception as error:  # a model that cannot be fitted to so little says the mean
        print(f"    {type(model).__name__}: {error}", file=sys.stderr)
        return poisson(np.full(ahead, max(series.mean(), floor)))
    mean = np.maximum(np.nan_to_num(said["mean"], nan=series.mean()), floor)
    if "lo-80" not in said:
        return poisson(mean)
    low, high = (np.maximum(np.nan_to_num(said[key], nan=0.0), 0.0) for key in ("lo-80", "hi-80"))
    return Foretold(mean, low, np.maximum(high, low))


def _seasons(length: int) -> list[int]:
    return [DAY, WEEK] if length >= 2 * WEEK + DAY else [DAY]


OPPONENTS: dict[str, Callable[[int], object]] = {
    "SeasonalNaive(168)": lambda _length: SeasonalNaive(season_length=WEEK),
    "SeasonalSmoothing(168)": lambda _length: SeasonalExponentialSmoothingOptimized(season_length=WEEK),
    "AutoETS(24)": lambda _length: AutoETS(season_length=DAY, model="ZNA"),
    "MSTL(24, 168)": lambda length: MSTL(season_length=_seasons(length), trend_forecaster=AutoETS(model="ZZN")),
}

if __name__ == "__main__":
    main()
