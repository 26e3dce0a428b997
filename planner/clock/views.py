"""What watches us from outside asks here: without signing in, and without learning anything but whether we run."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from planner.clock.beats import NAMES
from planner.leases import selectors


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """This web process answers."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and no beat of the clock is three periods late; else 503 and which one it is."""
    now = timezone.now()
    try:
        heartbeats = {heartbeat.name: heartbeat for heartbeat in selectors.heartbeats()}
        late = {heartbeat.name for heartbeat in selectors.late(now=now)}
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "does not answer", "beats": []}, status=503)
    beats = []
    for name in NAMES:
        heartbeat = heartbeats.get(name)
        ago = None if heartbeat is None else round((now - heartbeat.beat_at).total_seconds(), 1)
        state = "never ran" if heartbeat is None else "late" if name in late else "on time"
        beats.append({"name": name, "state": state, "seconds_ago": ago})
    ok = all(beat["state"] == "on time" for beat in beats)
    return JsonResponse({"ok": ok, "database": "answers", "beats": beats}, status=200 if ok else 503)
