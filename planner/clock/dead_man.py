"""Tell an outside watcher that we live: when the pings stop, it calls somebody, even if this whole house is dark."""

from datetime import datetime

import httpx
from django.conf import settings

from planner.leases import selectors


class NotPinged(Exception):
    """The watcher was not told; the text says why."""


def ping(*, now: datetime) -> bool:
    """Fetch PLANNER_DEAD_MAN_URL unless a beat is late. False when no address is set. Raises NotPinged."""
    if not settings.PLANNER_DEAD_MAN_URL:
        return False
    if late := [heartbeat.name for heartbeat in selectors.late(now=now) if heartbeat.name != "dead_man"]:
        raise NotPinged(f"The watcher is not told that all is well: {', '.join(late)} late.")
    try:
        httpx.get(settings.PLANNER_DEAD_MAN_URL, timeout=10, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        raise NotPinged(f"PLANNER_DEAD_MAN_URL could not be fetched: {error}") from error
    return True
