"""The demonstration as values: a seeded, simulated fortnight that ends now.

The hours and the weight of the night follow the public record of June 2014 (announcements between 22:00 and 04:00
Baghdad time, a flood of copies, no one to answer before the morning). Everything else is invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.desk.core.scenario_texts import (
    ADVERSARY_ACCOUNTS,
    AMPLIFIERS,
    CHATTER,
    STORYLINES,
    TEAM,
    Storyline,
)

DAYS = 14
SEED = 20140610
# Relative weight of each local hour, 00..23: most of it between 22:00 and 04:00.
HOUR_WEIGHTS = (9, 8, 7, 6, 3, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 2, 2, 3, 4, 8, 9)

# One account spoke in the evening until a week ago; since then it speaks in the night like the others.
MOVED, MOVED_DAYS, MOVED_BY = "plain_news_24", 7, timedelta(hours=5)


@dataclass(frozen=True)
class Said:
    """One simulated message."""

    account: str
    posted_at: datetime
    text: str
    language: str
    hashtag: str


@dataclass(frozen=True)
class Broke:
    """One simulated claim, the flood around it, and the time to each step that followed; None where none did."""

    storyline: Storyline
    language: str
    text: str
    at: datetime
    copies: tuple[Said, ...]
    seen_after: timedelta | None
    answered_after: timedelta | None
    declined_after: timedelta | None


def _local(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=zone)


def _copies(rng: random.Random, text: str, language: str, hashtag: str, at: datetime) -> tuple[Said, ...]:
    """A flood: the first voice, then copies by most accounts within minutes."""
    accounts = list(ADVERSARY_ACCOUNTS + AMPLIFIERS)
    rng.shuffle(accounts)
    some = accounts[: rng.randint(6, len(accounts))]
    moments = sorted(at + timedelta(seconds=rng.expovariate(1 / 150)) for _ in range(rng.randint(14, 70)))
    voices = [*some, *rng.choices(some, k=max(0, len(moments) - len(some)))]
    return tuple(
        Said(account, moment, f"{text} #{hashtag}", language, hashtag)
        for account, moment in zip(voices, [at, *moments], strict=False)
    )


def _fate(
    rng: random.Random, at: datetime, zone: ZoneInfo
) -> tuple[timedelta | None, timedelta | None, timedelta | None]:
    """(seen, answered, declined): quick at the desk, slow on call, in the morning or never after midnight."""
    local = at.astimezone(zone)
    if 8 <= local.hour < 20:
        answered = timedelta(minutes=max(18, rng.lognormvariate(3.85, 0.45)))
        return timedelta(minutes=rng.randint(3, 9)), answered, None
    if local.hour >= 20 and local.hour < 23:
        return timedelta(minutes=rng.randint(6, 15)), timedelta(minutes=max(25, rng.lognormvariate(4.4, 0.5))), None
    morning = local.replace(hour=8, minute=10, second=0, microsecond=0)
    morning = morning if morning > local else morning + timedelta(days=1)
    seen = morning.astimezone(at.tzinfo) - at
    draw = rng.random()
    if draw < 0.55:
        return seen, seen + timedelta(minutes=rng.randint(30, 110)), None
    if draw < 0.72:
        return seen, None, seen + timedelta(minutes=rng.randint(15, 60))
    return seen, None, None


def claims(now: datetime, zone: ZoneInfo) -> list[Broke]:
    """The claims of the fortnight, oldest first; the last two are tonight's: one just answered, one still open."""
    rng = random.Random(SEED)
    found: list[Broke] = []
    today = now.astimezone(zone).date()
    for day in range(-DAYS, 1):
        for _ in range(rng.choice((2, 3, 3, 4))):
            hour = rng.choices(range(24), weights=HOUR_WEIGHTS)[0]
            at = _local(today + timedelta(days=day), hour, rng.randrange(60), zone).astimezone(now.tzinfo)
            broke = _break(rng, at, zone)
            if broke.at < now - timedelta(hours=5):
                found.append(broke)
    for minutes, answered in ((154, timedelta(minutes=47)), (54, None)):
        broke = _break(rng, now - timedelta(minutes=minutes), zone)
        found.append(
            Broke(
                broke.storyline,
                broke.language,
                broke.text,
                broke.at,
                broke.copies,
                timedelta(minutes=6),
                answered,
                None,
            )
        )
    return sorted(found, key=lambda broke: broke.at)


def _break(rng: random.Random, at: datetime, zone: ZoneInfo) -> Broke:
    storyline = rng.choices(STORYLINES, weights=(4, 3, 2, 2))[0]
    language, text = rng.choice(storyline.said)
    seen, answered, declined = _fate(rng, at, zone)
    return Broke(
        storyline, language, text, at, _copies(rng, text, language, storyline.hashtag, at), seen, answered, declined
    )


def chatter(now: datetime, zone: ZoneInfo) -> Iterator[Said]:
    """What they post between claims: a few hundred messages a day, most of them at night."""
    rng = random.Random(SEED + 1)
    today = now.astimezone(zone).date()
    for day in range(-DAYS, 1):
        for hour, weight in enumerate(HOUR_WEIGHTS):
            for _ in range(round(rng.gauss(weight * 3, weight))):
                at = _local(today + timedelta(days=day), hour, rng.randrange(60), zone).astimezone(now.tzinfo)
                if at < now:
                    account = rng.choice(ADVERSARY_ACCOUNTS)
                    at -= MOVED_BY if account == MOVED and day < -MOVED_DAYS else timedelta()
                    yield Said(account, at, f"{rng.choice(CHATTER)} ({rng.randrange(10_000)})", "en", "")


def roster_rows(now: datetime, zone: ZoneInfo) -> list[dict[str, str]]:
    """The roster as rows of a roster file. Nobody clears after 00:30; nobody is at the desk from 22:00 to 08:00."""
    start = now.astimezone(zone).date() - timedelta(days=DAYS + 1)
    people = {member.username: member for member in TEAM}
    every, working = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH"
    weekend = "FREQ=WEEKLY;BYDAY=FR,SA"
    plan = (
        ("layla", "desk", "08:00", "16:00", working),
        ("omar", "desk", "14:00", "22:00", every),
        ("sara", "desk", "08:00", "16:00", working),
        ("yusuf", "desk", "12:00", "20:00", weekend),
        ("tariq", "desk", "08:00", "14:00", weekend),
        ("hana", "desk", "08:30", "18:00", working),
        ("karim", "desk", "09:00", "17:00", weekend),
        ("tariq", "on_call", "22:00", "08:00", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE"),
        ("nour", "on_call", "20:00", "08:00", "FREQ=WEEKLY;BYDAY=TH,FR,SA"),
        ("sara", "on_call", "20:00", "00:00", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE"),
        ("karim", "on_call", "18:00", "00:30", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR"),
    )
    rows = []
    for username, kind, begins, ends, rule in plan:
        member = people[username]
        last = start if ends > begins else start + timedelta(days=1)
        rows.append(
            {
                "person": username,
                "email": f"{username}@riverland.example",
                "zone": str(zone),
                "roles": ";".join(member.roles),
                "languages": ";".join(member.languages),
                "kind": kind,
                "start": f"{start}T{begins}",
                "end": f"{last}T{ends}",
                "rule": rule,
            }
        )
    return rows
