"""How far ahead a failing row is pushed: doubling waits, so that it never stands in the way of healthy ones."""

from datetime import datetime, timedelta

BASE = timedelta(seconds=30)
CAP = timedelta(hours=1)


def wait_after(attempts: int, *, base: timedelta = BASE, cap: timedelta = CAP) -> timedelta:
    """The wait after the given number of attempts (1 or more): base, 2×base, 4×base … never more than cap."""
    if base <= timedelta(0) or cap < base:
        raise ValueError(f"base must be positive and cap no shorter than base; got base={base}, cap={cap}")
    microsecond = timedelta(microseconds=1)
    # In whole microseconds, and with a bound on the exponent: a timedelta overflows long before an int does.
    doubled = (base // microsecond) << min(max(attempts, 1) - 1, 64)
    return min(doubled, cap // microsecond) * microsecond


def next_try(now: datetime, attempts: int, *, base: timedelta = BASE, cap: timedelta = CAP) -> datetime:
    """The instant of the next try: now + wait_after(attempts)."""
    return now + wait_after(attempts, base=base, cap=cap)
