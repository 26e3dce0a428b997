"""The acts of coverage."""

from planner.coverage.services.accepting import accept_gap, end_acceptance
from planner.coverage.services.assuming import assume
from planner.coverage.services.recording import measure_reactions, record_ledger
from planner.coverage.services.refusals import CoverageRefused
from planner.coverage.services.requirements import (
    end_requirement,
    put_back,
    set_requirement,
    set_week,
    undo_change,
)
from planner.coverage.services.supplies import close_supply, register_supply

__all__ = [
    "CoverageRefused",
    "accept_gap",
    "assume",
    "close_supply",
    "end_acceptance",
    "end_requirement",
    "measure_reactions",
    "put_back",
    "record_ledger",
    "register_supply",
    "set_requirement",
    "set_week",
    "undo_change",
]
