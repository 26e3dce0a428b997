"""The operators' door to the slots: where a post would avoid most in the gaps ahead, on which channel, and why."""

import json
from datetime import timedelta
from typing import Any, TextIO, cast
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.claims.models import Claim
from planner.journal.documents import BAD_INPUT
from planner.publishing import selectors
from planner.publishing.core.fit import misfits
from planner.publishing.models import Channel
from planner.publishing.services.schedule import words_of
from planner.publishing.slots import Slot, slots_in_gaps
from planner.publishing.words import in_theatre
from planner.rebuttals.models import Approval

LONGEST = 24 * 14


class Command(BaseCommand):
    help = "Moments at which a post would avoid most in the open gaps ahead. Exit 1 when there is none to offer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--channel", action="append", default=[], metavar="NAME", help="only there; repeatable")
        parser.add_argument("--claim", default="", metavar="UUID", help="only where an approved answer to it fits")
        parser.add_argument("--hours", type=int, default=24, help=f"how far ahead, 1 to {LONGEST} (default: 24)")
        parser.add_argument("--most", type=int, default=5, help="how many at most (default: 5)")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["hours"] <= LONGEST or options["most"] < 1:
            raise CommandError(f"--hours is 1 to {LONGEST}, --most 1 or more", returncode=BAD_INPUT)
        channels = _fitting(_channels(options["channel"]), _approvals(options["claim"]))
        now, ahead = timezone.now(), timedelta(hours=options["hours"])
        found = slots_in_gaps(channels, now=now, ahead=ahead, most=options["most"])
        if options["json"]:
            self.stdout.write(json.dumps({"slots": [_slot(one) for one in found]}, ensure_ascii=False))
        else:
            tell(found, Console(file=cast(TextIO, self.stdout), width=140))
        if not found:
            raise SystemExit(1)


def _channels(names: list[str]) -> list[Channel]:
    known = {channel.name: channel for channel in selectors.channels()}
    if unknown := [name for name in names if name not in known]:
        words = ", ".join(known) or "none"
        raise CommandError(f"--channel “{unknown[0]}” is not on the register; known: {words}", returncode=BAD_INPUT)
    return [channel for name, channel in known.items() if not channel.held_at and (not names or name in names)]


def _approvals(claim: str) -> list[Approval] | None:
    """The standing approvals of the claim's answer; None when no claim is named."""
    if not claim:
        return None
    try:
        row = Claim.objects.filter(uuid=UUID(claim)).first()
    except ValueError:
        row = None
    if row is None:
        raise CommandError(f"--claim “{claim}”: there is no such claim; its page has the uuid", returncode=BAD_INPUT)
    standing = Approval.objects.filter(draft__rebuttal__claim=row, ended_at=None).select_related("draft")
    if not standing:
        raise CommandError(f"--claim “{claim}”: no text of its answer is approved yet", returncode=BAD_INPUT)
    return list(standing)


def _fitting(channels: list[Channel], approvals: list[Approval] | None) -> list[Channel]:
    if approvals is None:
        return channels
    texts = [words_of(approval, None) for approval in approvals]
    return [one for one in channels if any(not misfits(text, selectors.place_of(one)) for text in texts)]


def tell(found: list[Slot], console: Console) -> None:
    """The table for people, in the theatre's wall time."""
    table = Table(title="Slots: what avoids most first", title_justify="left")
    for column in ("at", "channel", "why"):
        table.add_column(column)
    for one in found:
        table.add_row(in_theatre(one.offer.at), one.channel.name, one.why)
    console.print(table if found else "No open gap in these hours takes a post on these channels.")


def _slot(one: Slot) -> dict[str, Any]:
    return {
        "at": one.offer.at.isoformat(),
        "channel": one.channel.name,
        "start": one.offer.silence.span.start.isoformat(),
        "end": one.offer.silence.span.end.isoformat(),
        "expected_claims": round(one.offer.claims, 6),
        "loss": round(one.offer.silence.loss, 6),
        "avoids": round(one.offer.avoids, 6),
        "free_minutes": one.free / timedelta(minutes=1),
        "why": one.why,
    }
