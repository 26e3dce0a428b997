"""Is everything there that tonight needs? Each check looks at one thing and says what it saw, and how to mend it."""

import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone  # noqa: TID251 - this machine's clock is itself examined
from kombu.exceptions import KombuError

from planner.clock.beats import NAMES
from planner.config import queues
from planner.config.celery import app
from planner.coverage import selectors as coverage
from planner.coverage.words import why
from planner.journal.selectors import missing_guards
from planner.leases import selectors as leases
from planner.people.core.roles import Role
from planner.people.models import ContactPoint
from planner.people.selectors import holding
from planner.publishing.adapters import KINDS, adapter
from planner.publishing.adapters.seal import CannotOpen, unseal
from planner.publishing.core.parcel import Address
from planner.publishing.core.rehearsal import ends_at, warning_of
from planner.publishing.models import Channel, Rehearsal
from planner.rosters import selectors as rosters
from planner.spans import Span
from planner.tempo.selectors import theatre
from planner.wallclock import WeeklyRule, night_of, occurrences

OLDEST_POSTGRESQL = 150_000
SKEW = timedelta(seconds=2)
NIGHT = WeeklyRule(frozenset(range(7)), 22 * 60, 4 * 60, "UTC")
AFTER_NIGHT = timedelta(hours=8)  # from 04:00 on, "tonight" is the night to come
HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. `mend` says what to do, "" where all is well."""

    check: str
    ok: bool
    detail: str
    mend: str = ""


def examine(now: datetime) -> list[Finding]:
    """Every finding, in a fixed order; without a database only what can be seen without one. Never raises."""
    try:
        found = list(database())
        for look in (clock, journal, administrator, channels, reachable, chain):
            found += look(now)
    except DatabaseError as fault:
        words = " ".join(str(fault).split())
        found = [Finding("database", False, words, "Start it, or correct PLANNER_DATABASE_URL; then look again.")]
    return [*found, *broker(), *mail(), *links()]


def database() -> Iterator[Finding]:
    """The database answers, is new enough, keeps the time that we keep, and has the schema of this release."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version'), now()")
        number, version, theirs = cursor.fetchone()
    recent = number >= OLDEST_POSTGRESQL
    yield Finding("database", recent, f"PostgreSQL {version}", "" if recent else "Use PostgreSQL 15 or newer.")
    skew = abs(timezone.now() - theirs)  # noqa: TID251
    words = f"The clocks of the database and of this machine are {skew.total_seconds():.1f} s apart"
    yield Finding("time", skew <= SKEW, words, "" if skew <= SKEW else "Let both keep time by NTP: posts go by it.")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    words = f"{len(waiting)} migrations are not applied" if waiting else "Every migration is applied"
    yield Finding("schema", not waiting, words, "Run manage.py migrate." if waiting else "")


def clock(now: datetime) -> Iterator[Finding]:
    """The clock beats: every beat ran within three of its periods."""
    known, late = {beat.name for beat in leases.heartbeats()}, leases.late(now=now)
    if not known:
        words, mend = "The clock has never run: nobody is paged, nothing is published", "Run manage.py up, or clock."
    elif late:
        worst = min(beat.beat_at for beat in late)
        words = f"Late: {', '.join(beat.name for beat in late)}; silent since {worst:%Y-%m-%d %H:%M:%S} UTC"
        errors = "; ".join(f"{beat.name}: {beat.last_error.splitlines()[-1]}" for beat in late if beat.last_error)
        mend = f"Mend what the beats say ({errors})." if errors else "Start the clock: manage.py up, or clock."
    elif missing := [name for name in NAMES if name not in known]:
        words, mend = f"Never ran: {', '.join(missing)}", "Start the clock of this release: an older one is running."
    else:
        words, mend = f"{len(NAMES)} beats, all on time", ""
    yield Finding("clock", not mend, words, mend)


def journal(now: datetime) -> Iterator[Finding]:
    """The triggers that keep the journal as it was written stand."""
    gone = missing_guards()
    words = f"These triggers are gone or off: {', '.join(gone)}" if gone else "Its triggers stand"
    mend = "Ask who switched them off; run manage.py verify_journal, then migrate journal anew." if gone else ""
    yield Finding("journal", not gone, words, mend)


def administrator(now: datetime) -> Iterator[Finding]:
    """Somebody can sign in and let others in."""
    able = [person for person in holding(Role.ADMINISTRATOR) if person.has_usable_password()]
    words = f"{len(able)} can sign in" if able else "Nobody can sign in as administrator"
    yield Finding("administrator", bool(able), words, "" if able else "Run manage.py add_person.")


def channels(now: datetime) -> Iterator[Finding]:
    """There is a channel, and each one's credentials are there and can be opened. Nothing is sent."""
    register = list(Channel.objects.filter(retired_at=None))
    if not register:
        yield Finding("channels", False, "No channel is registered", "An administrator registers one at /posts/.")
    for channel in register:
        mend = _fault(channel) or _rehearsed(channel, now)
        words = (
            f"held since {channel.held_at:%Y-%m-%d %H:%M} UTC: {channel.held_reason}" if channel.held_at else "ready"
        )
        yield Finding(f"channel {channel.name}", not mend, "cannot send" if mend else words, mend)


def _fault(channel: Channel) -> str:
    """What keeps a channel from sending, "" when nothing that can be seen from here. Nothing is sent."""
    if channel.kind not in KINDS:
        return f"Its kind “{channel.kind}” is not one of {', '.join(KINDS)}: register it anew."
    try:
        secret = unseal(bytes(channel.secret_sealed))
    except CannotOpen as fault:
        return str(fault)
    return adapter(channel.kind).faults(Address(url=channel.address, secret=secret, options=channel.options))


def _rehearsed(channel: Channel, now: datetime) -> str:
    """What the last rehearsal of its credential found, "" when all is well. Nothing is asked here."""
    last = Rehearsal.objects.filter(channel=channel).first()
    if last is not None and last.works is False:
        return f"Its rehearsal failed ({last.checked_at:%Y-%m-%d %H:%M} UTC): {last.said}"
    ends = ends_at(last.expires_at if last else None, channel.credential_ends_on, theatre())
    if ends is not None and warning_of(ends, now=now) is not None:
        return f"Its credential ends on {ends.astimezone(theatre()):%Y-%m-%d}: make a new one and enter it before."
    return ""


def tonight(now: datetime) -> Span | None:
    """What is left of 22:00-04:00 in the theatre, in the night that runs or comes next."""
    zone = theatre()
    around = night_of(now + AFTER_NIGHT, zone)
    rule = WeeklyRule(NIGHT.days, NIGHT.start, NIGHT.end, zone.key)
    return next(iter(occurrences(rule, max(around.start, now), around.end)), None)


def reachable(now: datetime) -> Iterator[Finding]:
    """Somebody who can be paged is on watch tonight, and everybody on watch has an address."""
    span = tonight(now)
    if span is None:
        return
    duties = rosters.duties(span.start, span.end)
    names = {duty.person_id: duty.name for duty in duties}
    addressed = set(ContactPoint.objects.filter(user__in=names).values_list("user_id", flat=True))
    mute = sorted(name for person, name in names.items() if person not in addressed)
    woken = sum(Role.DUTY.value in duty.roles for duty in duties)
    if not names:
        words, mend = f"Nobody is on watch {_said(span)}", "Put people on call: /roster/, or manage.py import_roster."
    elif mute:
        words, mend = f"No address: {', '.join(mute)}", "An administrator enters an e-mail address at /admin/."
    elif not woken:
        words, mend = f"No duty officer among {_and(names.values())}", "Put a duty officer on call: /roster/."
    else:
        words, mend = f"{_and(names.values())} {_said(span)}", ""
    yield Finding("reachable tonight", not mend, words, mend)


def chain(now: datetime) -> Iterator[Finding]:
    """Every link of the chain holds tonight, or its gap was accepted."""
    span = tonight(now)
    if span is None:
        return
    gaps = [gap for gap in coverage.gaps_between(span.start, span.end, now) if not gap.accepted]
    words = f"No open gap {_said(span)}"
    if gaps:
        words = "; ".join(f"{_said(Span(gap.gap.start, gap.gap.end))}: {why(gap.links)}" for gap in gaps[:5])
    yield Finding(
        "chain tonight", not gaps, words, "Fill the gaps, or accept them with a reason: /coverage/." if gaps else ""
    )


def _said(span: Span) -> str:
    start, end = span.start.astimezone(theatre()), span.end.astimezone(theatre())
    return f"{start:%a %H:%M}-{end:%H:%M} {theatre().key}"


def _and(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def broker() -> Iterator[Finding]:
    """The broker takes messages, and hands serve all of its queues."""
    with app.connection_for_write() as link:
        try:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=3)
            answers = app.control.inspect(timeout=1, connection=link).active_queues() or {}
        except (KombuError, OSError, *link.connection_errors, *link.channel_errors) as fault:
            mend = "Start it, or correct PLANNER_BROKER_URL. Nothing is lost: rows wait, and are handed over again."
            yield Finding("broker", False, " ".join(str(fault).split()) or type(fault).__name__, mend)
            return
    yield Finding("broker", True, "It takes messages")
    served = {queue["name"] for theirs in answers.values() for queue in theirs}
    idle = [name for name in queues.names(settings.PLANNER_QUEUE_PREFIX).values() if name not in served]
    words = f"Nobody serves the queues {', '.join(idle)}" if idle else f"Every queue is served ({len(answers)} hands)"
    yield Finding("hands", not idle, words, "Run manage.py up, or start celery workers." if idle else "")


def mail() -> Iterator[Finding]:
    """The mail server lets us in."""
    if not settings.EMAIL_HOST:
        words = (
            f"No mail server: pages to staff are written to files in {settings.EMAIL_FILE_PATH.name}/, nobody is woken"
        )
        yield Finding("mail", False, words, "Set PLANNER_SMTP_HOST (docs/operating.md).")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection(fail_silently=False, timeout=5):
            yield Finding("mail", True, f"{server} answers")
    except (smtplib.SMTPException, OSError) as fault:
        words = f"{server} cannot be used: {' '.join(str(fault).split())}"
        yield Finding("mail", False, words, "Correct PLANNER_SMTP_HOST, _PORT, _USER, _PASSWORD or _STARTTLS.")


def links() -> Iterator[Finding]:
    """What our messages link to can be opened by who gets them."""
    local = urlsplit(settings.PLANNER_PUBLIC_URL).hostname in HERE
    away = bool(settings.EMAIL_HOST) and settings.EMAIL_HOST not in HERE
    words = f"Messages link to {settings.PLANNER_PUBLIC_URL}"
    mend = "Set PLANNER_PUBLIC_URL to the address that a telephone can open." if local and away else ""
    yield Finding("links", not mend, words, mend)
