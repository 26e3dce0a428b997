"""The figures that losses lean on: measured where there is evidence, else set by a person, else as shipped."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from planner.coverage.core.loss import Assumptions, Stand
from planner.coverage.models import Assumption, Measurement, Supply

HALF_LIFE = "half_life"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Figure:
    """One figure and where it comes from. `minutes`: what holds; `assumed`: what would hold without a measurement.

    `key` as in the table of assumptions; `kind`: of a channel, "" for all others; `row`: who set it and when, if ever.
    """

    key: str
    minutes: float
    assumed: float
    shipped: float
    measured: Measurement | None = None
    row: Assumption | None = None

    @property
    def is_measured(self) -> bool:
        """Whether it was measured on enough claims to stand for the assumption."""
        return self.measured is not None and self.measured.minutes is not None

    @property
    def kind(self) -> str:
        """The kind of channel of which it is the half-life; "" for everything else."""
        return self.key.partition(":")[2]


def figures() -> list[Figure]:
    """Both reactions, the general half-life, and that of every kind of channel that is or was there."""
    set_by_hand = {row.key: row for row in Assumption.objects.filter(ended_at=None).select_related("set_by")}
    shipped = Assumptions(half_life=timedelta(minutes=settings.PLANNER_REACH_HALF_LIFE_MINUTES))
    found = [
        _figure(stand.value, shipped.reaction(stand) / MINUTE, set_by_hand, _latest(stand))
        for stand in (Stand.DESK, Stand.ON_CALL)
    ]
    general = _figure(HALF_LIFE, shipped.half_life / MINUTE, set_by_hand)
    kinds = [_figure(f"{HALF_LIFE}:{kind}", general.minutes, set_by_hand) for kind in channel_kinds()]
    return [*found, general, *kinds]


def current() -> Assumptions:
    """The assumptions with which losses are computed now."""
    known = {figure.key: figure for figure in figures()}
    return Assumptions(
        half_life=known[HALF_LIFE].minutes * MINUTE,
        desk=known[Stand.DESK].minutes * MINUTE,
        on_call=known[Stand.ON_CALL].minutes * MINUTE,
        half_lives={one.kind: one.minutes * MINUTE for one in known.values() if one.kind and one.row},
    )


def channel_kinds() -> list[str]:
    """Every kind of channel on record, by name."""
    kinds = Supply.objects.exclude(channel_kind="").order_by("channel_kind")
    return list(kinds.values_list("channel_kind", flat=True).distinct())


def history() -> QuerySet[Assumption]:
    """What was set by hand, the newest first."""
    return Assumption.objects.select_related("set_by")


def _figure(key: str, shipped: float, rows: dict[str, Assumption], measured: Measurement | None = None) -> Figure:
    row = rows.get(key)
    assumed = row.minutes if row and row.minutes else shipped
    is_known = measured is not None and measured.minutes is not None
    minutes = max(measured.minutes or 0.0, 1.0) if measured and is_known else assumed
    return Figure(key, minutes, assumed, shipped, measured, row if row and row.minutes else None)


def _latest(stand: Stand) -> Measurement | None:
    return Measurement.objects.filter(stand=stand.value).first()
