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


def narrative_shares(now: datetime) -> list[tuple[UUID, str, str, float]]:
    """(storyline, its name, the language most of its claims are in, share of all claims of the last half year)."""
    rows = list(
        Claim.objects.filter(broke_earliest__gte=now - RECENT, broke_earliest__lt=now).values_list(
            "narrative__uuid", "narrative__name", "language", "narrative__ended_at"
        )
    )
    counted = Counter((uuid, name) for uuid, name, _language, ended in rows if uuid and ended is None)
    found = []
    for (uuid, name), count in counted.most_common(5):
        languages = Counter(language for other, _name, language, _ended in rows if other == uuid and language)
        found.append((uuid, name, languages.most_common(1)[0][0] if languages else "", count / len(rows)))
    return found
