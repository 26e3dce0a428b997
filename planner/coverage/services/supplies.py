"""What covers links besides people: its own package registers it here, and says when it ends and how."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from planner.coverage.core.links import LINKS, Link
from planner.coverage.models import Supply


@transaction.atomic
def register_supply(
    *,
    key: str,
    kind: str,
    links: Iterable[str],
    languages: Iterable[str],
    during: tuple[datetime, datetime | None],
    label: str,
    channel_kind: str = "",
    releasers: Iterable[str] = (),
    people: Iterable[int] = (),
    channel_kinds: Iterable[str] = (),
) -> Supply:
    """Say that something besides people covers links during [start, end), end None: until close_supply.

    `key` names it as "kind:uuid"; registering the same key again replaces what it supplies from `start` on and leaves
    the time before as it was, so that a channel held and let go keeps its past. `channel_kind`: a channel's platform,
    on which its half-life leans. Of a cleared line: the roles (`releasers`) and people (primary keys) who may release
    it, neither: whoever may release at all; `channel_kinds`: where it may go out, none: everywhere. Raises ValueError
    for an unknown link.
    """
    start, end = during
    wanted = sorted({Link(link) for link in links}, key=LINKS.index)
    close_supply(key, at=start)
    return Supply.objects.create(
        key=key,
        kind=kind,
        links=wanted,
        languages=sorted(set(languages)),
        during=DateTimeTZRange(start, end),
        label=label[:160],
        channel_kind=channel_kind,
        releasers=sorted(set(releasers)),
        people=sorted(set(people)),
        channel_kinds=sorted(set(channel_kinds)),
    )


@transaction.atomic
def close_supply(key: str, *, at: datetime, closed_as: str = "") -> None:
    """From the aware instant `at` on nothing is supplied under this key; what was before stays on record.

    `closed_as` (a value of Supply.Closed) says how it ended, for whoever asks why there is a gap.
    """
    reach = DateTimeTZRange(at, None)
    for row in Supply.objects.select_for_update().filter(key=key, during__overlap=reach):
        if row.during.lower >= at:
            row.delete()
        else:
            row.during, row.closed_as = DateTimeTZRange(row.during.lower, at), closed_as
            row.save(update_fields=["during", "closed_as"])
