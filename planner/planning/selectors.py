"""Plans and their proposals, as the page and the clock read them; which storylines the claims belong to."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from planner.claims.models import Claim
from planner.planning.models import Plan

RECENT = timedelta(weeks=26)
UNFINISHED = [Plan.State.WAITING, Plan.State.QUEUED, Plan.State.SOLVING]


def due() -> QuerySet[Plan]:
    """Plans that wait for a hand, or whose hand was lost."""
    return Plan.objects.filter(state__in=UNFINISHED)


def recent(count: int = 10) -> list[Plan]:
    """The newest plans."""
    return list(Plan.objects.select_related("asked_by")[:count])


def ready(uuid: str) -> Plan | None:
    """The plan of that uuid, when it is worked out; None for anything else."""
    try:
        return Plan.objects.filter(uuid=UUID(uuid), state=Plan.State.READY).first()
    except ValueError:
        return None


def storylines(now: datetime, most: int = 5) -> list[tuple[UUID, str, str]]:
    """(storyline, its name, the language most of its claims are in) of those with most claims in the last half year."""
    rows = list(
        Claim.objects.filter(broke_earliest__gte=now - RECENT, broke_earliest__lt=now)
        .filter(narrative__isnull=False, narrative__ended_at=None)
        .values_list("narrative__uuid", "narrative__name", "language")
    )
    found = []
    for (uuid, name), _count in Counter((uuid, name) for uuid, name, _language in rows).most_common(most):
        languages = Counter(language for other, _name, language in rows if other == uuid and language)
        found.append((uuid, name, languages.most_common(1)[0][0] if languages else ""))
    return found
