"""A roster file as duties, nothing written: whoever it names is on duty in it as the import would put them there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from planner.journal.core.intake import Fault, Row
from planner.journal.intake import Intake
from planner.people import selectors as people
from planner.people.models import User
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.core.watch import watch
from planner.rosters.importing import KNOWN, REQUIRED, Line, read
from planner.spans import Span, SpanSet
from planner.wallclock import rrule_spans, zone


@dataclass
class FiledPerson:
    """Somebody the file names; who is in the team already keeps their id, and has their roles and languages too."""

    person_id: int
    name: str
    roles: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    shifts: list[tuple[str, Span, tuple[str, ...]]] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)

    def refuse_second_duty(self, spans: Iterable[Span], field_name: str, value: str) -> None:
        """Raise Fault when one of the spans overlaps a shift that is noted already."""
        for span in spans:
            if other := next((one for _, one, _ in self.shifts if one.overlaps(span)), None):
                said = _("overlaps another shift of %(name)s in this file: %(start)s to %(end)s")
                words = {"name": self.name, "start": other.start.isoformat(), "end": other.end.isoformat()}
                raise Fault(field_name, value, said % words)


@dataclass(frozen=True)
class Drawn:
    """The duties of a roster file. `people` are the ids of all it names; `roleless` those who could do nothing."""

    duties: list[Duty]
    people: frozenset[int]
    roleless: tuple[str, ...]
    taken: int
    repeated: int


def draw(intake: Intake, *, zone: ZoneInfo | None, start: datetime, end: datetime) -> Drawn:
    """The duties within [start, end) of a file; bad rows are refused there. Raises Unreadable.

    `zone` reads local times where a row names none. People act in the roles of the row; where it names none, in all
    that the file and the team's own list give them.
    """
    named = Named()
    taken = repeated = 0
    for row in intake.rows(required=REQUIRED, known=KNOWN):
        try:
            is_new = _put(row, read(row, zone=zone), named, Span(start, end))
        except Fault as fault:
            intake.refuse(row, fault)
        else:
            taken, repeated = taken + is_new, repeated + (not is_new)
    return named.drawn(start, end, taken=taken, repeated=repeated)


class Named:
    """The people of a file: the same e-mail address is the same person, and so is a name alone."""

    def __init__(self) -> None:
        self._by_words: dict[str, FiledPerson] = {}
        self.everybody: list[FiledPerson] = []

    def drawn(self, start: datetime, end: datetime, *, taken: int, repeated: int) -> Drawn:
        """What all of them do within [start, end), leave taken out."""
        shifts = [duty for person in self.everybody for duty in _duties(person)]
        away = {person.person_id: SpanSet(person.away) for person in self.everybody}
        roleless = tuple(sorted(one.name for one in self.everybody if one.shifts and not one.roles))
        there = watch((duty for duty in shifts if duty.roles), away, start, end)
        return Drawn(there, frozenset(one.person_id for one in self.everybody), roleless, taken, repeated)

    def person(self, name: str, email: str, *, roles: Iterable[str] = (), languages: Iterable[str] = ()) -> FiledPerson:
        """Whom these words mean. Raises Fault when two people of the team bear the name."""
        name, email = " ".join(name.split()), email.strip().lower()
        words = email or name.casefold()
        found = self._by_words.get(words)
        if found is None:
            known = _known(email, name)
            same = [one for one in self.everybody if known and one.person_id == known.pk]
            found = same[0] if same else self._add(name, known)
        self._by_words.setdefault(words, found)
        self._by_words.setdefault(name.casefold(), found)
        found.roles |= set(roles)
        found.languages |= set(languages)
        return found

    def _add(self, name: str, known: User | None) -> FiledPerson:
        number = known.pk if known else -1 - len(self.everybody)
        person = FiledPerson(number, name)
        if known:
            person.roles, person.languages = set(known.roles), set(known.languages)
        self.everybody.append(person)
        return person


def _known(email: str, name: str) -> User | None:
    found = people.found(email or name)
    if len(found) > 1:
        said = _("“%(words)s” is the name of more than one person: give the e-mail address as well.")
        raise Fault("person", name, said % {"words": email or name})
    return found[0] if found else None


def _put(row: Row, line: Line, named: Named, window: Span) -> bool:
    """Note the row's shifts or leave; False when they were noted already. Raises Fault."""
    spans = _spans(line, window)
    person = named.person(line.person, line.email, roles=line.roles, languages=line.languages)
    if line.kind == "leave":
        is_new = line.start not in {span.start for span in person.away}
        person.away += spans
        return is_new
    shifts = [(line.kind, span, tuple(sorted(line.roles))) for span in spans]
    fresh = [shift for shift in shifts if shift not in person.shifts]
    field_name = "rule" if line.rule else "start"
    person.refuse_second_duty((span for _kind, span, _roles in fresh), field_name, row.get(field_name))
    person.shifts += fresh
    return bool(fresh) or not shifts


def _spans(line: Line, window: Span) -> list[Span]:
    if not line.rule or line.zone is None:
        return [Span(line.start, line.end)]
    start, end = (moment.astimezone(line.zone).replace(tzinfo=None) for moment in (line.start, line.end))
    rule = Recurrence(line.rule, start, int((end - start).total_seconds() // 60), line.zone.key)
    try:
        return list(rrule_spans(rule.rrule, rule.local_start, rule.minutes, zone(rule.zone), window.start, window.end))
    except ValueError as wrong:
        raise Fault("rule", line.rule, str(wrong)) from wrong


def _duties(person: FiledPerson) -> Iterable[Duty]:
    by_words: dict[tuple[str, tuple[str, ...]], list[Span]] = defaultdict(list)
    for kind, span, roles in person.shifts:
        by_words[kind, roles].append(span)
    return [
        Duty(
            person_id=person.person_id,
            name=person.name,
            roles=frozenset(roles or person.roles),
            languages=frozenset(person.languages),
            kind=DutyKind(kind),
            span=span,
        )
        for (kind, roles), spans in by_words.items()
        for span in spans
    ]
