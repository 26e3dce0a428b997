"""A calendar that was read → the roster: event by event, each in a transaction of its own; what is gone, goes."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.intake import Fault, Outcome, Reject
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.people.selectors import found as people_found
from planner.people.services import ensure_person
from planner.rosters.calendars.reading import Found, Group, look_into, refuse
from planner.rosters.calendars.rows import CalendarEntry, CalendarSource
from planner.rosters.calendars.taking import Wanted, key_of, take, withdraw_all
from planner.rosters.core.calendar import Occurrence, Reading, Who
from planner.rosters.core.recurrence import HORIZON
from planner.rosters.models import Team
from planner.rosters.services import check_roles
from planner.wallclock import zone as zone_named

ROLLED_EVERY = timedelta(days=1)
SHOWN = 50  # rejects in the report; the rejects file holds all of them


@dataclass(slots=True)
class Brought:
    """What a calendar did. `added` counts events that put something on or changed it, `removed` those that are gone."""

    rows: int = 0
    added: int = 0
    duplicates: int = 0
    removed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def outcome(self, *, seconds: float, rejects_file: str | None) -> Outcome:
        """The counts in the form that every import has."""
        return Outcome(
            rows=self.rows,
            added=self.added,
            duplicates=self.duplicates,
            rejected=len(self.rejects),
            seconds=seconds,
            rejects_file=rejects_file,
            rejects=self.rejects[:SHOWN],
            findings=self.findings,
            notes=self.notes,
        )


def reading_of(source: CalendarSource) -> Reading:
    """How the calendar of a source is read."""
    person = source.person.email or source.person.username if source.person else ""
    return Reading(zone_named(source.zone) if source.zone else None, person, source.kind)


def ensure_source(*, name: str, key: str, team: Team, person: str, kind: str, zone: str) -> CalendarSource:
    """The row of a calendar that comes as a file: the same team, person and calendar are the same row."""
    identity = hashlib.sha256(f"file\n{team.pk}\n{person.casefold()}\n{key or name}".encode()).hexdigest()
    defaults = {"name": name[:120], "team": team, "kind": kind, "zone": zone}
    source, is_new = CalendarSource.objects.get_or_create(key=identity, defaults=defaults)
    if not is_new and (source.kind, source.zone) != (kind, zone):
        source.kind, source.zone = kind, zone
        source.save(update_fields=["kind", "zone"])
    return source


def bring(
    found: Found,
    source: CalendarSource,
    reading: Reading,
    *,
    now: datetime,
    may_make_people: bool,
    on_each: Callable[[int], None] = lambda _count: None,
) -> Brought:
    """Put every event on the roster that can be; the others are in `rejects`, and nothing of them is kept.

    With `may_make_people` a person named by e-mail or beside a kind of duty is made known, as a CSV roster does.
    """
    brought = Brought(rows=found.rows, findings=found.findings, notes=found.notes)
    known = {entry.uid: entry for entry in source.entries.select_related("source__team").defer("text")}
    waiting, is_last = list(found.groups), False
    while waiting:
        clashed: list[Group] = []
        for group in waiting:
            try:
                _bring_one(group, source, reading, known.get(group.uid), brought, now, may_make_people)
            except Fault as fault:
                if fault.field == "DTSTART" and not is_last:
                    clashed.append(group)  # perhaps with a shift of this calendar that is about to move away
                    continue
                for block in group.blocks:
                    refuse(found, block, fault)
            on_each(len(group.blocks))
        if is_last:
            break
        if found.is_whole and not found.rejects:
            brought.removed += _remove_missing(found, known.values(), brought, now)
        waiting, is_last = clashed, True
    if not found.groups and found.is_whole and not found.rejects:
        brought.removed += _remove_missing(found, known.values(), brought, now)
    brought.rejects = [reject for _block, reject in sorted(found.rejects, key=lambda pair: pair[0].line)]
    _note(brought)
    return brought


@transaction.atomic
def _bring_one(
    group: Group,
    source: CalendarSource,
    reading: Reading,
    entry: CalendarEntry | None,
    brought: Brought,
    now: datetime,
    may_make_people: bool,
) -> None:
    said = f"{reading.person}\n{reading.kind}\n{reading.zone}\n{group.text}\n{sorted(group.left_out)}"
    digest = hashlib.sha256(said.encode()).hexdigest()
    if entry and entry.digest == digest and entry.removed_at is None:
        if entry.rolled_until and entry.rolled_until < now + HORIZON - ROLLED_EVERY:
            roll(entry, now=now)
        brought.duplicates += len(group.blocks)
        brought.left_out += group.left_out
        return
    until = group.series.first(now) + HORIZON if group.series else now
    stretches = group.unrolled(until)
    wanted = _wanted(stretches, source.team, now, may_make=may_make_people)
    is_new = entry is None
    entry = entry or CalendarEntry(source=source, uid=group.uid)
    entry.text, entry.digest, entry.removed_at = group.text, digest, None
    entry.starts_at = min((one.span.start for one in stretches), default=None)
    entry.rolled_until = until if group.series and group.series.goes_on(until) else None
    if is_new and not wanted:
        brought.left_out += group.left_out
        brought.duplicates += len(group.blocks)
        return
    entry.save()
    change = take(entry, wanted, now=now)
    if change.is_any:
        brought.added += len(group.blocks)
    else:
        brought.duplicates += len(group.blocks)
    brought.left_out += group.left_out


def roll(entry: CalendarEntry, *, now: datetime) -> int:
    """Unroll an endless event further, to the horizon; what has begun is not touched. How many stretches are new.

    A stretch at which the person has another shift is left out: what a hand put on the roster wins.
    """
    found = look_into(entry.text.encode(), reading_of(entry.source))
    until = now + HORIZON
    with transaction.atomic():
        entry = CalendarEntry.objects.select_for_update(of=("self",)).select_related("source__team").get(pk=entry.pk)
        wanted: dict[str, Wanted] = {}
        for group in found.groups:
            wanted |= _wanted(group.unrolled(until), entry.source.team, now, may_make=False)
        links = entry.occurrences.filter(withdrawn_at=None).select_related("shift", "leave")
        for link in links:
            row = link.shift or link.leave
            if row and row.during.lower <= now:
                wanted.pop(link.key, None)
        wanted = {key: want for key, want in wanted.items() if want.span.start > now}
        change = take(entry, wanted, now=now, goes_on=True) if wanted else None
        CalendarEntry.objects.filter(pk=entry.pk).update(rolled_until=until)
    return change.added if change else 0


def _remove_missing(found: Found, known: Iterable[CalendarEntry], brought: Brought, now: datetime) -> int:
    """Take off what is no longer in a calendar that says everything. What is over stays: it has scrolled out."""
    missing = [entry for entry in known if entry.removed_at is None and entry.uid not in found.uids]
    count = 0
    for entry in missing:
        with transaction.atomic():
            count += bool(withdraw_all(entry, now=now))
            CalendarEntry.objects.filter(pk=entry.pk).update(removed_at=now)
    return count


def _wanted(stretches: list[Occurrence], team: Team, now: datetime, *, may_make: bool) -> dict[str, Wanted]:
    people: dict[tuple[tuple[Who, ...], tuple[str, ...]], list[User]] = {}
    wanted = {}
    for one in stretches:
        meaning = one.meaning
        who = (meaning.people, meaning.roles)
        if who not in people:
            people[who] = _people(meaning.people, meaning.roles, team, now, may_make)
        for person in people[who]:
            wanted[key_of(one.key, person, meaning.kind)] = Wanted(person, meaning.kind, meaning.roles, one.span)
    return wanted


def _people(whos: tuple[Who, ...], roles: tuple[str, ...], team: Team, now: datetime, may_make: bool) -> list[User]:
    guesses = [who for who in whos if who.is_guess]
    for who in guesses:
        if found := people_found(who.email or who.name):
            return [_only(found, who)]
    sure = [who for who in whos if not who.is_guess]
    if not sure:
        raise nobody_meant(guesses[0].name)
    try:
        return [_person(who, roles, team, now, may_make) for who in sure]
    except Refused as refused:
        raise Fault("ATTENDEE", sure[0].email or sure[0].name, str(refused)) from refused


def nobody_meant(title: str) -> Fault:
    """The fault of an event whose title names nobody whom the team knows."""
    reason = _("nobody of that name is known: write “%(name)s (on call)”, add an attendee, or use --person")
    return Fault("SUMMARY", title, reason % {"name": "Layla Hasan"})


def _person(who: Who, roles: tuple[str, ...], team: Team, now: datetime, may_make: bool) -> User:
    if not may_make:
        found = people_found(who.email or who.name)
        if not found:
            reason = _("nobody here has this name or address: an administrator can add them")
            raise Fault("ATTENDEE", who.email or who.name, reason)
        person = _only(found, who)
        check_roles(person, roles)
        return person
    name = who.name or (who.email.partition("@")[0] if not people_found(who.email) else "")
    return ensure_person(name=name, email=who.email, zone=team.zone, roles=roles, now=now)[0]


def _only(found: list[User], who: Who) -> User:
    if len(found) > 1:
        words = who.email or who.name
        raise Fault("SUMMARY", words, _("more than one person bears that name: name them by e-mail address"))
    return found[0]


def _note(brought: Brought) -> None:
    for reason, count in sorted(brought.left_out.items()):
        brought.notes.append(f"{count} events are {reason}: they put nobody on the roster.")
    if brought.removed:
        brought.notes.append(f"{brought.removed} events are gone from the calendar: their shifts are cancelled.")
