"""Why coverage cannot be changed as asked."""

from planner.people.core.refusals import Refused


class CoverageRefused(Refused):
    """Coverage cannot be changed like this; the text says why."""
