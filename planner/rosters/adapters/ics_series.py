"""A series of events with one UID, unrolled: on the wall first, by recurring-ical-events; then instants by wallclock.

Everything is put on the wall of the first event's zone before it is unrolled, so that a shift at 22:00 stays at 22:00
on every night of the year, and both odd nights follow docs/time.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

from planner.journal.core.intake import Fault, excerpt
from planner.rosters.adapters.ics_events import Event
from planner.rosters.adapters.ics_values import Clocks, Moment, Property, duration
from planner.rosters.core.calendar import Occurrence
from planner.spans import Span
from planner.wallclock import to_instant

MOST = 10_000  # shifts of one series: a shift a day for 27 years
MOST_STEPS = 200_000  # steps of a rule from its start to the horizon, each of which may be looked at
_STEP = {"YEARLY": 31_536_000, "MONTHLY": 2_592_000, "WEEKLY": 604_800, "DAILY": 86_400}
_STEP |= {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_PART = re.compile(r"[A-Z-]+=[^=;]+")
_NUMBER = "X-PLANNER-NUMBER"


@dataclass(frozen=True, slots=True)
class Series:
    """The events of one UID: the first, and those that replace some of its occurrences."""

    uid: str
    core: Event | None
    changes: tuple[Event, ...]

    def first(self, now: datetime) -> datetime:
        """The instant from which the horizon is counted: now, or the beginning of a series that begins later."""
        return max(now, self.core.start.instant()) if self.core else now

    def goes_on(self, until: datetime) -> bool:
        """Whether occurrences may come after an instant. A rule whose end cannot be told at a glance may."""
        rules = self.core.props.get("RRULE", ()) if self.core else ()
        return any(self._may_go_on(rule.value.upper(), until) for rule in rules)

    def _may_go_on(self, rule: str, until: datetime) -> bool:
        assert self.core
        parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
        if "UNTIL" in parts:
            return parts["UNTIL"][:8] >= f"{until:%Y%m%d}"
        if "COUNT" not in parts or any(name.startswith("BY") for name in parts):
            return True
        steps = int(parts["COUNT"]) * int(parts.get("INTERVAL", "1"))
        return self.core.start.instant() + timedelta(seconds=steps * _STEP[parts["FREQ"]]) > until


def gather(uid: str, events: Sequence[Event]) -> tuple[Series, list[tuple[Event, Fault]]]:
    """The series, the newest version of everything in it; and the events that claim to be the same but are not."""
    refused: list[tuple[Event, Fault]] = []
    cores = sorted((event for event in events if event.replaces is None), key=lambda event: event.sequence)
    for one, other in pairwise(cores):
        if one.sequence == other.sequence and (one.start, one.end) != (other.start, other.end):
            refused.append(
                (other, Fault("UID", uid, f"the event at line {one.line} has the same UID: which is meant?"))
            )
    core = next((event for event in reversed(cores) if event not in [wrong for wrong, _fault in refused]), None)
    newest: dict[datetime, Event] = {}
    for event in sorted((event for event in events if event.replaces), key=lambda event: event.sequence):
        assert event.replaces
        newest[event.replaces.instant()] = event
    return Series(uid, core, tuple(newest.values())), refused


def occurrences(series: Series, clocks: Clocks, *, until: datetime) -> list[Occurrence]:
    """What the series puts on the roster, in order of time; an endless one as far as `until`, an instant.

    Raises Fault: a rule that cannot be read, one that makes too many shifts, shifts that overlap one another.
    """
    core = series.core
    if core is None:
        found = [_single(event, _key(event.replaces)) for event in series.changes if event.replaces]
    elif not core.is_series and not series.changes:
        found = [_single(core, "")]
    else:
        found = _unrolled(series, core, clocks, until)
    whole = sorted((one for one in found if one), key=lambda one: (one.span, one.key))
    for before, after in pairwise(whole):
        if before.span.overlaps(after.span) and set(before.meaning.people) & set(after.meaning.people):
            reason = f"the shifts overlap one another at {after.span.start:%Y-%m-%d %H:%M} UTC: is the end right?"
            raise Fault("RRULE" if core and core.props.get("RRULE") else "RDATE", "", reason)
    return whole


def _single(event: Event, key: str) -> Occurrence | None:
    if event.meaning is None:
        return None
    return Occurrence(key, Span(event.start.instant(), event.end), event.meaning)


def _key(moment: Moment | None) -> str:
    return f"{moment.instant():%Y%m%dT%H%M%SZ}" if moment else ""


def _unrolled(series: Series, core: Event, clocks: Clocks, until: datetime) -> list[Occurrence | None]:
    tz = core.start.tz
    last = until.astimezone(tz).replace(tzinfo=None)
    calendar = icalendar.Calendar()
    calendar.add_component(_on_wall(core, 0, clocks, last))
    for number, event in enumerate(series.changes, start=1):
        calendar.add_component(_on_wall(event, number, clocks, last, core))
    first = min(event.start.on_wall(tz) for event in (core, *series.changes)) - timedelta(days=2)
    try:
        found = recurring_ical_events.of(calendar).between(first, max(last, first) + timedelta(days=1))
    except Exception as wrong:  # its errors are of no common kind; the rule is what it trips over
        raise Fault("RRULE", _rule_text(core), f"cannot be unrolled: {excerpt(str(wrong))}") from wrong
    if len(found) > MOST:
        raise _too_many(core.props["RDATE" if "RRULE" not in core.props else "RRULE"][0])
    events = (core, *series.changes)
    return [_occurrence(one, events, core, last) for one in found]


def _occurrence(found: icalendar.Event, events: tuple[Event, ...], core: Event, last: datetime) -> Occurrence | None:
    number = int(str(found[_NUMBER]))
    event, start = events[number], _wall(found, "DTSTART")
    recurrence = _wall(found, "RECURRENCE-ID" if "RECURRENCE-ID" in found else "DTSTART")
    key = f"{to_instant(recurrence, core.start.tz):%Y%m%dT%H%M%SZ}"
    if number and event.start.on_wall(core.start.tz) == start:
        return _single(event, key)  # as it was written, in whatever zone
    if event.meaning is None or start > last:
        return None
    begin = to_instant(start, core.start.tz)
    end = to_instant(_wall(found, "DTEND"), core.start.tz)
    # A shift wholly inside the hour that spring skips has no time that night (docs/time.md).
    return Occurrence(key, Span(begin, end), event.meaning) if begin < end else None


def _on_wall(event: Event, number: int, clocks: Clocks, last: datetime, core: Event | None = None) -> icalendar.Event:
    """The event without zones: every time as the wall of the first event's zone shows it."""
    first = core or event
    tz = first.start.tz
    made = icalendar.Event()
    start = event.start.on_wall(tz)
    made.add("UID", "series")
    made.add(_NUMBER, str(number))
    made.add("SEQUENCE", event.sequence)
    begin, end = start, start + event.length
    made.add("DTSTART", begin.date() if event.start.is_day else begin)
    made.add("DTEND", end.date() if event.start.is_day else end)
    if event.replaces:
        spread = event.props["RECURRENCE-ID"][0].params.get("RANGE", "").upper() == "THISANDFUTURE"
        parameters = {"RANGE": "THISANDFUTURE"} if spread else {}
        made.add("RECURRENCE-ID", _fit(event.replaces, first), parameters=parameters)
        return made
    for rule in event.props.get("RRULE", ()):
        made.add("RRULE", icalendar.vRecur.from_ical(_checked_rule(rule, event, last)))
    if wrong := event.props.get("EXRULE"):
        raise Fault("EXRULE", wrong[0].value, "no longer part of the standard: list the dates as EXDATE")
    exceptions = [_fit(moment, first) for moment in _moments(event.props.get("EXDATE", ()), clocks)]
    if exceptions:
        made.add("EXDATE", exceptions)
    _add_dates(made, event, clocks)
    return made


def _add_dates(made: icalendar.Event, event: Event, clocks: Clocks) -> None:
    dates: list[date | datetime] = []
    for prop in event.props.get("RDATE", ()):
        for text in filter(None, map(str.strip, prop.value.split(","))):
            begin, slash, end = text.partition("/")
            moment = clocks.moment(_without_value(prop) if slash else prop, begin)
            if not slash:
                dates.append(_fit(moment, event))
                continue
            start = moment.on_wall(event.start.tz)
            length = _period_length(prop, clocks, moment, end, event)
            made.add("RDATE", [(start, length)], parameters={"VALUE": "PERIOD"})
    if dates:
        made.add("RDATE", dates)


def _period_length(prop: Property, clocks: Clocks, start: Moment, text: str, event: Event) -> timedelta:
    plain = _without_value(prop)
    if text.upper().lstrip("+").startswith("P"):
        return duration(plain, text)
    length = clocks.moment(plain, text).on_wall(event.start.tz) - start.on_wall(event.start.tz)
    if length <= timedelta():
        raise Fault(prop.name, text, "the end of the period is not after its start")
    return length


def _without_value(prop: Property) -> Property:
    return Property(prop.name, {k: v for k, v in prop.params.items() if k != "VALUE"}, prop.value, prop.line)


def _moments(props: Sequence[Property], clocks: Clocks) -> list[Moment]:
    return [clocks.moment(prop, text) for prop in props for text in filter(None, map(str.strip, prop.value.split(",")))]


def _fit(moment: Moment, core: Event) -> date | datetime:
    """A moment as the series counts: a date for whole days; a bare date in a series of times means that day's."""
    wall = moment.on_wall(core.start.tz)
    if core.start.is_day:
        return wall.date()
    return datetime.combine(wall.date(), core.start.wall.time()) if moment.is_day else wall


def _wall(found: icalendar.Event, name: str) -> datetime:
    value = found.decoded(name)
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _rule_text(core: Event) -> str:
    return core.props["RRULE"][0].value if "RRULE" in core.props else ""


def _too_many(prop: Property) -> Fault:
    reason = f"makes more than {MOST:,} shifts up to the horizon: give it an end (UNTIL, COUNT) or a later start"
    return Fault(prop.name, prop.value, reason)


def _checked_rule(prop: Property, event: Event, last: datetime) -> str:
    """The rule with its end on the wall, bounded by `last`. Raises Fault for one that cannot be read or never rests."""
    parts = _parts(prop)
    start = event.start.wall
    until = _until(prop, parts, event)
    bound = min(until or last, last)
    steps = max((bound - start).total_seconds(), 0) / _STEP[parts["FREQ"]] / int(parts.get("INTERVAL", "1"))
    if "COUNT" in parts and not any(name.startswith("BY") for name in parts):
        steps = min(steps, int(parts["COUNT"]))
    if steps > MOST_STEPS:
        raise _too_many(prop)
    _check_happens(prop, parts, start)
    parts["UNTIL"] = f"{bound:%Y%m%dT%H%M%S}"
    if event.start.is_day:
        parts["UNTIL"] = f"{bound:%Y%m%d}"
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rule = rrulestr(text, dtstart=start)
        made = sum(1 for _moment in islice(takewhile(lambda moment: moment <= last, rule), MOST + 1))
        icalendar.vRecur.from_ical(text)
    except Exception as wrong:  # dateutil raises whatever its arithmetic trips over
        raise Fault(prop.name, prop.value, f"not a recurrence rule: {excerpt(str(wrong))}") from wrong
    if made > MOST:
        raise _too_many(prop)
    return text


def _check_happens(prop: Property, parts: dict[str, str], start: datetime) -> None:
    """Raise Fault for a rule that never happens: dateutil would look for its first day until the year 9999.

    So it is asked about the last 29 years of its time first, with the rule that skips nothing.
    """
    bys = {name: value for name, value in parts.items() if name.startswith("BY") or name == "WKST"}
    if not bys:
        return
    if "BYSETPOS" in bys and parts["FREQ"] in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise Fault(prop.name, prop.value, "BYSETPOS is read in rules by the day, week, month or year only")
    text = ";".join(f"{name}={value}" for name, value in {"FREQ": parts["FREQ"], **bys}.items())
    try:
        happens = next(iter(rrulestr(text, dtstart=start.replace(year=9971, month=1, day=1))), None)
    except Exception as wrong:  # dateutil raises whatever its arithmetic trips over
        raise Fault(prop.name, prop.value, f"not a recurrence rule: {excerpt(str(wrong))}") from wrong
    if happens is None:
        raise Fault(prop.name, prop.value, "this never happens: no day fits all parts of the rule")


def _parts(prop: Property) -> dict[str, str]:
    words = [word for word in prop.value.upper().replace(" ", "").split(";") if word]
    if wrong := next((word for word in words if not _PART.fullmatch(word)), ""):
        raise Fault(prop.name, prop.value, f"“{excerpt(wrong)}” is not a part of a rule: expected NAME=VALUE")
    parts = dict(word.split("=", 1) for word in words)
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise Fault(prop.name, prop.value, "counts in another calendar (RSCALE, SKIP): only the Gregorian one is read")
    if parts.get("FREQ") not in _STEP:
        expected = "expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
        raise Fault(prop.name, prop.value, f"not a rule for shifts: {expected}")
    for name in ("INTERVAL", "COUNT"):
        value = parts.get(name, "1")
        if not (value.isascii() and value.isdigit() and int(value[:9]) > 0 and len(value) < 9):
            raise Fault(prop.name, prop.value, f"{name} must be a number from 1 on, not “{excerpt(value)}”")
    return parts


def _until(prop: Property, parts: dict[str, str], event: Event) -> datetime | None:
    """The end of a rule on the wall; a bare date counts as that whole day."""
    if not (text := parts.get("UNTIL")):
        return None
    found = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", text)
    try:
        if not found:
            raise ValueError
        wall = datetime.strptime(found[1] + (found[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - a wall time
    except ValueError:
        raise Fault(prop.name, prop.value, f"UNTIL={excerpt(text)} is neither a date nor a time") from None
    if not found[3] or event.start.is_day:
        return wall
    return Moment(wall, UTC, is_exact=True).on_wall(event.start.tz)
