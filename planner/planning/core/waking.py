"""How often somebody on call is woken: the pages of one hour are one wake-up, foreseen as the replay counts them."""

from datetime import timedelta

AWAKE = timedelta(minutes=60)  # pages within an hour of the one that woke somebody do not wake them again
HOUR = timedelta(hours=1)


def expected_wake_ups(rate: float, length: timedelta) -> float:
    """Wake-ups to be expected in a stretch of time with `rate` claims an hour.

    Each is followed by an hour in which a page wakes nobody, and that by 1/λ until the next claim: so there are
    λ / (1 + λ · AWAKE) of them an hour (renewal theory). Near λ at night, near one an hour in a storm of claims.
    """
    return rate * (length / HOUR) / (1 + rate * (AWAKE / HOUR))
