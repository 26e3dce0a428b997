"""What a reader of a forecast must know to judge it, as values; `planner/tempo/noted.py` has the words."""

from dataclasses import dataclass
from enum import StrEnum

from planner.tempo.core.observed import Basis


class Remark(StrEnum):
    """What is to be said."""

    NOTHING_YET = "nothing_yet"
    NO_CLAIMS = "no_claims"
    FEW_DAYS = "few_days"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Note:
    """One remark. `basis`: what was counted instead of claims; `days`: how many were learned from, or how old."""

    remark: Remark
    basis: Basis = Basis.NOTHING
    days: int = 0
