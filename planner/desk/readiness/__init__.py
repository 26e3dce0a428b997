"""Is tonight ready? Who is reachable, which channel answers, which approver is on, which line expires."""

from planner.desk.readiness.night import Readiness, tonight, until_morning

__all__ = ["Readiness", "tonight", "until_morning"]
