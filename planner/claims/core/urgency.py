"""Which claim to look at first."""

from datetime import timedelta

from planner.claims.core.words import Severity

WEIGHTS = {Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 4, Severity.CRITICAL: 8}
LONGEST = timedelta(hours=6)  # after more than four half-lives of reach, waiting longer adds little


def urgency(severity: str, age: timedelta) -> float:
    """Severity times the hours since it broke: a critical claim of one hour stands beside a medium one of four."""
    return WEIGHTS[Severity(severity)] * (min(max(age, timedelta()), LONGEST) / timedelta(hours=1) + 0.25)
