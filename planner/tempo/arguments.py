"""Moments on a command line: an instant with an offset, or the theatre's wall time, or a date for its midnight."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from planner.journal.core.intake import Fault, parse_instant

BAD_INPUT = 2
SAID = "ISO 8601, as 2014-06-09T22:00+03:00; without an offset it is the theatre's wall time; a date is its midnight"


def moment(text: str | None, option: str, zone: ZoneInfo) -> datetime | None:
    """The UTC instant that an option names, None when it was not given. Raises CommandError with exit code 2."""
    if not text:
        return None
    whole = f"{text}T00:00" if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text) else text
    try:
        return parse_instant(whole, zone, field_name=option)
    except Fault as fault:
        raise CommandError(f"{option} “{text}”: {fault}", returncode=BAD_INPUT) from None


def period(
    options: dict[str, str | None], zone: ZoneInfo, *, start: datetime, length: timedelta
) -> tuple[datetime, datetime]:
    """The stretch that --from and --to name; by default `length` from `start`. Raises CommandError with exit code 2."""
    begin, end = moment(options["from"], "--from", zone), moment(options["to"], "--to", zone)
    begin = begin or (end - length if end and end <= start else start)
    end = end or begin + length
    if end <= begin:
        raise CommandError(f"--to must be after --from: {begin.isoformat()} … {end.isoformat()}", returncode=BAD_INPUT)
    return begin, end
