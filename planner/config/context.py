"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name and the theatre's zone, on every page."""
    return {"organisation": settings.PLANNER_ORGANISATION, "theatre_zone": settings.PLANNER_ZONE}
