"""What tempo's commands are asked for: moments (an instant with an offset, the theatre's wall time, or a date for its
midnight), and of whom (a source, a language, a narrative)."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser

from planner.journal.core.intake import Fault, parse_instant
from planner.journal.documents import BAD_INPUT
from planner.tempo import studies
from planner.tempo.selectors import Part

YEARS = range(1970, 2200)  # beyond them there is nothing to ask for, and sums of dates fail
SAID = "ISO 8601, as 2014-06-09T22:00+03:00; without an offset it is the theatre's wall time; a date is its midnight"

PARTS = ("source", "language", "narrative")


def add_parts(parser: CommandParser) -> None:
    """--source, --language, --narrative."""
    for name in PARTS:
        parser.add_argument(f"--{name}", default="", metavar="NAME", help=f"of one {name} only")


def part(options: dict[str, str]) -> Part:
    """Of whom the command is asked. Raises CommandError with exit code 2 when nobody of that name was ever seen."""
    for name, known in studies.choices().items():
        if options[name] and options[name] not in known:
            listed = ", ".join(known[:10]) or "none yet"
            told = f"--{name} “{options[name]}” is not known: expected one of {listed}"
            raise CommandError(told, returncode=BAD_INPUT)
    return Part(*(options[name] for name in PARTS))


def moment(text: str | None, option: str, zone: ZoneInfo) -> datetime | None:
    """The UTC instant that an option names, None when it was not given. Raises CommandError with exit code 2."""
    if not text:
        return None
    whole = f"{text}T00:00" if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text) else text
    try:
        found = parse_instant(whole, zone, field_name=option)
    except Fault as fault:
        raise CommandError(f"{option} “{text}”: {fault}", returncode=BAD_INPUT) from None
    if found.year not in YEARS:
        raise CommandError(f"{option} “{text}”: expected a year from {YEARS[0]} to {YEARS[-1]}", returncode=BAD_INPUT)
    return found


def period(
    options: dict[str, str | None],
    zone: ZoneInfo,
    *,
    start: datetime,
    length: timedelta,
    longest: timedelta | None = None,
) -> tuple[datetime, datetime]:
    """The stretch that --from and --to name; by default `length` from `start`.

    Raises CommandError with exit code 2, also when the stretch is more than `longest`.
    """
    begin, end = moment(options["from"], "--from", zone), moment(options["to"], "--to", zone)
    begin = begin or (end - length if end and end <= start else start)
    end = end or begin + length
    if end <= begin:
        raise CommandError(f"--to must be after --from: {begin.isoformat()} … {end.isoformat()}", returncode=BAD_INPUT)
    if longest and end - begin > longest:
        raise CommandError(
            f"--from and --to are {(end - begin).days:,} days apart: ask for {longest.days:,} days at most",
            returncode=BAD_INPUT,
        )
    return begin, end
