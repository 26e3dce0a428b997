"""Simulated sources: when somebody with such habits posts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

BAGHDAD = ZoneInfo("Asia/Baghdad")
START = datetime(2026, 1, 4, 21, tzinfo=UTC)  # Monday 00:00 in Baghdad
DAY = 86_400


def posts(
    draw: np.random.Generator,
    days: int,
    rate: float,
    *,
    opens: float = 9,
    hours: float = 9,
    weekend: float = 0.4,
    burst: float = 0.0,
    spread: float = 0.0,
) -> np.ndarray:
    """Instants (seconds since 1970) over `days` from START, about `rate` a working day on Baghdad's clocks.

    Most come in `hours` from `opens`, 15 % at any hour; Saturday and Sunday have `weekend` times as many. The part
    `burst` comes in clusters of eight on average; days differ by a log-normal factor of this `spread`.
    """
    found = []
    for day in range(days):
        level = rate * (weekend if day % 7 > 4 else 1.0) * np.exp(spread * draw.normal() - spread**2 / 2)
        alone = draw.poisson(level * (1 - burst))
        at_work = draw.random(alone) < 0.85
        found.append(day * 24 + np.where(at_work, opens + draw.random(alone) * hours, draw.random(alone) * 24) % 24)
        for size in draw.geometric(1 / 8, draw.poisson(level * burst / 8)):
            middle = opens + draw.random() * hours
            found.append(day * 24 + (middle + np.abs(draw.normal(0, 0.4, size))) % 24)
    return np.sort(np.concatenate(found)) * 3600 + START.timestamp()
