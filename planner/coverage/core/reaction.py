"""How long an answer takes once a claim meets a whole chain: measured where there is evidence, else assumed.

A claim that broke while the chain stood at the desk (or only on call) is one sample: minutes from its break to the
first official word. It is right-censored where that word had not come when the chain stopped standing so, when the
claim was declined, or by now: what an answer would have taken without that is not known, only that it took longer.
The figure is the median of the Kaplan-Meier estimate (scipy.stats.ecdf, right-censored data).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from scipy import stats

from planner.coverage.core.loss import Stand, Standing

FEWEST = 10  # claims that must have been answered before a measurement stands for the assumption
MINUTE = timedelta(minutes=1)


class Episode(NamedTuple):
    """A claim's own times (aware): when it broke; its first official word; when it was declined.

    `paged` and `acknowledged`: the first page and its acknowledgement, a part of the whole reaction.
    """

    broke: datetime
    answered: datetime | None = None
    declined: datetime | None = None
    paged: datetime | None = None
    acknowledged: datetime | None = None


class Sample(NamedTuple):
    """Minutes, and whether they were cut short (the true figure is longer)."""

    minutes: float
    censored: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """`median` in minutes, None where there is too little evidence. `claims` were counted, `answered` of them.

    `acknowledged`: median minutes from page to acknowledgement among them, None where nobody was paged.
    """

    claims: int
    answered: int
    median: float | None
    acknowledged: float | None = None


def measure(episodes: Sequence[Episode], chain: Standing, now: datetime) -> dict[Stand, Measured]:
    """The reaction of each stand, from the claims that broke while the chain stood so."""
    on_call = chain.whole - chain.at_desk
    found = {}
    for stand, when in ((Stand.DESK, chain.at_desk), (Stand.ON_CALL, on_call)):
        met = [(one, end) for one in episodes if (end := when.end_of(one.broke)) is not None]
        samples = [_sample(one, min(end, now)) for one, end in met]
        pages = [page for one, _ in met if (page := _page(one, now))]
        answered = sum(not sample.censored for sample in samples)
        middle = median(samples) if answered >= FEWEST else None
        found[stand] = Measured(len(samples), answered, middle, median(pages))
    return found


def median(samples: Sequence[Sample]) -> float | None:
    """The Kaplan-Meier median of right-censored minutes; None where fewer than half were ever seen to end."""
    if all(sample.censored for sample in samples):
        return None
    data = stats.CensoredData.right_censored(
        [sample.minutes for sample in samples], [sample.censored for sample in samples]
    )
    curve = stats.ecdf(data).sf
    below = np.flatnonzero(curve.probabilities <= 0.5 + 1e-9)  # exactly half is half, whatever its last bit
    return float(curve.quantiles[below[0]]) if len(below) else None


def _sample(one: Episode, cut: datetime) -> Sample:
    """The wait of one claim, cut at `cut` or at its decline."""
    end = min(filter(None, (one.declined, cut)))
    if one.answered is not None and one.answered <= end:
        return Sample(max((one.answered - one.broke) / MINUTE, 0.0), False)
    return Sample(max((end - one.broke) / MINUTE, 0.0), True)


def _page(one: Episode, now: datetime) -> Sample | None:
    if one.paged is None or one.paged > now:
        return None
    if one.acknowledged is not None and one.paged <= one.acknowledged <= now:
        return Sample((one.acknowledged - one.paged) / MINUTE, False)
    ends = [moment for moment in (one.answered, one.declined, now) if moment is not None and moment >= one.paged]
    return Sample((min(ends) - one.paged) / MINUTE, True)
