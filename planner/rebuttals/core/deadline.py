"""How long a text may wait to be cleared: by the severity of what it answers, or as whoever asks for review chooses."""

from collections.abc import Mapping
from datetime import timedelta

SHORTEST, LONGEST = 5, 7 * 24 * 60  # minutes
CHOICES = (10, 15, 30, 60, 120, 240, 720, 1440)
LINE = "line"  # words kept ready for a narrative answer no claim yet


def usual(policy: Mapping[str, int], severity: str | None) -> timedelta:
    """The time that the house gives: `policy` is minutes by severity, and for `LINE`, of which `severity` is None.

    Raises ValueError, with the name of the setting, when it is out of bounds or missing.
    """
    minutes = policy.get(severity or LINE)
    if not isinstance(minutes, int) or not may_be(minutes):
        known = f"PLANNER_REVIEW_MINUTES: {severity or LINE} must be {SHORTEST} to {LONGEST} minutes, not {minutes}"
        raise ValueError(known)
    return timedelta(minutes=minutes)


def may_be(minutes: int) -> bool:
    """Whether somebody may choose so many minutes."""
    return SHORTEST <= minutes <= LONGEST
