"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from planner.people.permissions import may
from planner.publishing.selectors import holds
from planner.publishing.services.register import MAY_HOLD


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name, the theatre's zone and what is held, on every page."""
    return {
        "organisation": settings.PLANNER_ORGANISATION,
        "theatre_zone": settings.PLANNER_ZONE,
        "hold": SimpleLazyObject(lambda: _hold(request)),  # asked by pages with a frame only, and once
    }


def _hold(request: HttpRequest) -> dict[str, object]:
    held, some_open = holds()
    return {"held": held, "some_open": some_open, "may": may(request.user, *MAY_HOLD)}
