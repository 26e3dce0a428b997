"""How fast a year of 200 people with two shifts a day (146,000 shifts) becomes gaps; beside portion and PostgreSQL.

    .venv/bin/python bench/coverage.py

The same rows on every side, the same question: required minus staffed for the four links, always, and for words in
Arabic at night, where the only drafter may not clear their own words. Ours is `gaps.find` on duties in memory, as
columns (made once for a watch; what making them costs stands on a line of its own). PostgreSQL is timed from a
vacuumed, indexed table that it has read before, in one statement of range_agg and multirange algebra; only the gaps
come back. portion is timed from its own intervals in memory, sorted into links beforehand. The peers may lean on what
the rows keep: nobody is on two shifts at once, so counting spans counts people. Then the union alone of all the rows.
Every answer is compared with the others' before a figure is printed.
"""

import gc
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django  # noqa: E402
import portion  # noqa: E402
from django.db import connection  # noqa: E402

from planner.config import embedded  # noqa: E402
from planner.coverage.core.columns import Columns  # noqa: E402
from planner.coverage.core.gaps import Findings, Requirement, find  # noqa: E402
from planner.coverage.core.links import Link  # noqa: E402
from planner.coverage.core.staffing import Supply, SupplyKind, Watch  # noqa: E402
from planner.rosters.core.duty import Duty  # noqa: E402
from planner.rosters.core.kinds import DutyKind  # noqa: E402
from planner.spans import Span, SpanSet, columns  # noqa: E402
from planner.wallclock import WeeklyRule, occurrences  # noqa: E402

PEOPLE, DAYS, RUNS, TARGET = 200, 365, 5, 5
START = datetime(2025, 12, 31, 21, tzinfo=UTC)  # midnight in Baghdad
END = START + timedelta(days=DAYS)
ALWAYS = WeeklyRule(frozenset(range(7)), 0, 1440, "Asia/Baghdad")
ROLES = [frozenset(held.split()) for held in ("analyst", "officer", "approver", "duty", "officer approver")]
TONGUES = [frozenset({"ar"}), frozenset({"ar", "en"}), frozenset({"ku"})]
NIGHTS = WeeklyRule(frozenset(range(7)), 22 * 60, 4 * 60, "Asia/Baghdad")
REQUIREMENTS = [Requirement(link, None, ALWAYS) for link in Link]
REQUIREMENTS += [Requirement(link, "ar", NIGHTS) for link in (Link.DRAFTED, Link.CLEARED)]
WORDING = frozenset({"officer", "approver"})
Spans = dict[str, list[tuple[datetime, datetime]]]  # the gaps of each link

QUESTION = """
WITH nights AS (
  SELECT range_agg(tstzrange((day + time '22:00') AT TIME ZONE 'Asia/Baghdad',
                             (day + interval '1 day 4 hours') AT TIME ZONE 'Asia/Baghdad')) AS dark
  FROM generate_series(%(day)s::timestamp - interval '1 day', %(day)s + interval '400 days', interval '1 day') AS day
), required AS (
  SELECT tstzmultirange(tstzrange(%(start)s, %(end)s)) AS always,
         tstzmultirange(tstzrange(%(start)s, %(end)s)) * dark AS night FROM nights
), drafters AS (
  SELECT range_agg(during) AS anyhow, range_agg(during) FILTER (WHERE 'ar' = ANY (languages)) AS arabic
  FROM bench_shift WHERE roles && ARRAY['officer']
), approvers AS (
  SELECT range_agg(during) AS anyhow, range_agg(during) FILTER (WHERE 'ar' = ANY (languages)) AS arabic
  FROM bench_shift WHERE roles && ARRAY['approver']
), edges AS (
  SELECT at, lead(at) OVER later AS until, sum(step) OVER later AS anyhow, sum(arabic) OVER later AS arabic
  FROM (
    SELECT at, sum(step) AS step, sum(step * ('ar' = ANY (languages))::int) AS arabic
    FROM bench_shift, LATERAL (VALUES (lower(during), 1), (upper(during), -1)) AS edge (at, step)
    WHERE roles && ARRAY['officer', 'approver'] GROUP BY at
  ) AS steps WINDOW later AS (ORDER BY at)
), two AS (
  SELECT range_agg(tstzrange(at, until)) FILTER (WHERE anyhow >= 2) AS anyhow,
         range_agg(tstzrange(at, until)) FILTER (WHERE arabic >= 2) AS arabic FROM edges WHERE until IS NOT NULL
), missing AS (
  SELECT 'seen' AS link, always - (
    SELECT range_agg(during) FROM bench_shift WHERE roles && ARRAY['analyst', 'duty']) AS gaps FROM required
  UNION ALL SELECT 'published', always - (SELECT range_agg(during) FROM bench_supply) FROM required
  UNION ALL SELECT 'drafted', (always - drafters.anyhow) + (night - drafters.arabic) FROM required, drafters
  UNION ALL SELECT 'cleared',
    (always - (approvers.anyhow - (drafters.anyhow * approvers.anyhow - two.anyhow)))
    + (night - (approvers.arabic - (drafters.arabic * approvers.arabic - two.arabic)))
  FROM required, drafters, approvers, two
)
SELECT link, lower(gap), upper(gap) FROM missing, unnest(gaps) AS gap ORDER BY 1, 2
"""
UNION = "SELECT lower(one), upper(one) FROM (SELECT range_agg(during) AS a FROM bench_shift) x, unnest(a) AS one"


def main() -> None:
    """Print one line per figure; exit 1 when a target is missed."""
    django.setup()
    duties, supplies = shifts(), [channel()]
    with embedded.servers():
        stored(duties, supplies)
        watch, spans, peers = Watch(duties, supplies), [duty.span for duty in duties], intervals(duties)
        found = find(REQUIREMENTS, watch, START, END)
        assert by_link(found) == asked() == by_portion(peers, duties), "the answers differ"
        assert pairs(SpanSet(spans)) == united() == list_of(portion.Interval(*peers["all"])), "the unions differ"
        print(f"rows: {len(duties):,} shifts of {PEOPLE} people in {DAYS} days; {len(found.gaps):,} gaps, all agree")
        timed("columns from duties, once a watch", lambda: Columns.of(duties))
        whole = timed("gaps, ours, columns made first", lambda: find(REQUIREMENTS, Watch(duties, supplies), START, END))
        gaps = [
            timed("gaps, ours (gaps.find)", lambda: find(REQUIREMENTS, fresh(watch), START, END)),
            timed("gaps, PostgreSQL (range_agg)", asked),
            timed("gaps, portion", lambda: by_portion(peers, duties), runs=3),
        ]
        edges = columns(spans)
        unions = [
            timed("union of all rows, ours", lambda: SpanSet.from_columns(*edges)),
            timed("union of all rows, PostgreSQL", united),
            timed("union of all rows, portion", lambda: portion.Interval(*peers["all"]), runs=3),
        ]
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_shift, bench_supply")
    one_night(duties, supplies)
    for what, (mine, *others) in (("gaps", gaps), ("gaps, columns too", [whole, *gaps[1:]]), ("union", unions)):
        for name, theirs in zip(("PostgreSQL", "portion"), others, strict=True):
            print(f"{f'{what}: {name} over ours':<46}{theirs / mine:9.1f} x (target {TARGET})")
    print(f"load average of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    sys.exit(any(theirs < TARGET * mine for mine, *others in (gaps, unions) for theirs in others))


def fresh(watch: Watch) -> Watch:
    """The same watch with its columns, which has not been asked anything yet: an answer is kept once it was given."""
    again = Watch(watch.duties, watch.supplies)
    again.__dict__["columns"] = replace(watch.columns, answered={})
    return again


def one_night(duties: list[Duty], supplies: list[Supply]) -> None:
    """What the board asks at each refresh: a day and a half dozen people."""
    end = START + timedelta(days=1)
    few = [duty for duty in duties if duty.person_id < 8 and duty.span.start < end]
    timed(f"one night, {len(few)} duties", lambda: find(REQUIREMENTS, Watch(few, supplies), START, end), runs=50)


def shifts() -> list[Duty]:
    """Two shifts a day for everybody, most by day, a few late, in order of time."""
    chance = random.Random(7)
    found = []
    for person in range(PEOPLE):
        roles, languages, name = ROLES[person % len(ROLES)], TONGUES[person % len(TONGUES)], f"Person {person}"
        for day in range(DAYS):
            late = 0 if person % 29 else 13 * 60
            first = START + timedelta(days=day, minutes=late + chance.randrange(5 * 60, 11 * 60))
            second = first + timedelta(minutes=chance.randrange(5 * 60, 8 * 60))
            for start in (first, second):
                span = Span(start, start + timedelta(minutes=chance.randrange(150, 280)))
                found.append(Duty(person, name, roles, languages, DutyKind.DESK, span))
    return sorted(found, key=lambda duty: (duty.span, duty.person_id))


def channel() -> Supply:
    return Supply(SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(), Span(START, END), "Site")


def by_link(found: Findings) -> Spans:
    """The gaps of each link, touching ones made one."""
    spans: Spans = {}
    for link in Link:
        for gap in found.gaps:
            if link in gap.missing:
                mine = spans.setdefault(link.value, [])
                if mine and mine[-1][1] == gap.start:
                    mine[-1] = (mine[-1][0], gap.end)
                else:
                    mine.append((gap.start, gap.end))
    return spans


def stored(duties: list[Duty], supplies: list[Supply]) -> None:
    """The rows as PostgreSQL has them."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_shift, bench_supply")
        cursor.execute("CREATE TABLE bench_shift (person int, roles text[], languages text[], during tstzrange)")
        cursor.execute("CREATE TABLE bench_supply (during tstzrange)")
        with cursor.copy("COPY bench_shift FROM STDIN") as copy:
            for duty in duties:
                during = f"[{duty.span.start.isoformat()},{duty.span.end.isoformat()})"
                lists = (f"{{{','.join(sorted(names))}}}" for names in (duty.roles, duty.languages))
                copy.write_row((duty.person_id, *lists, during))
        for supply in supplies:
            cursor.execute("INSERT INTO bench_supply VALUES (tstzrange(%s, %s))", [supply.span.start, supply.span.end])
        cursor.execute("CREATE INDEX ON bench_shift USING gin (roles)")
        cursor.execute("VACUUM ANALYZE bench_shift")


def asked() -> Spans:
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"start": START, "end": END, "day": START.date()})
        return _grouped(cursor.fetchall())


def united() -> list[tuple[datetime, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(UNION)
        return list(cursor.fetchall())


def intervals(duties: list[Duty]) -> dict[str, list[portion.Interval]]:
    """The rows as portion has them, by role and language."""
    found: dict[str, list[portion.Interval]] = {}
    for duty in duties:
        made = portion.closedopen(duty.span.start, duty.span.end)
        for key in ("all", *duty.roles, *(f"{role} ar" for role in duty.roles if "ar" in duty.languages)):
            found.setdefault(key, []).append(made)
    return found


def by_portion(rows: dict[str, list[portion.Interval]], duties: list[Duty]) -> Spans:
    always = portion.closedopen(START, END)
    dark = portion.Interval(*(portion.closedopen(span.start, span.end) for span in occurrences(NIGHTS, START, END)))
    cleared = []
    for tongue, when in (("", always), (" ar", dark)):
        officers, approvers = (portion.Interval(*rows[f"{role}{tongue}"]) for role in ("officer", "approver"))
        alone = (officers & approvers) - two_of(duties, tongue.strip())
        cleared.append(when - (approvers - alone))
    missing = {
        "seen": always - portion.Interval(*rows["analyst"], *rows["duty"]),
        "drafted": (always - portion.Interval(*rows["officer"])) | (dark - portion.Interval(*rows["officer ar"])),
        "cleared": cleared[0] | cleared[1],
        "published": always - always,
    }
    return {link: list_of(gaps) for link, gaps in missing.items() if not gaps.empty}


def two_of(duties: list[Duty], tongue: str) -> portion.Interval:
    """When two or more drafters and approvers are there: portion does not count, so a plain sweep does."""
    able = [duty for duty in duties if duty.roles & WORDING and (not tongue or tongue in duty.languages)]
    edges = sorted(edge for duty in able for edge in ((duty.span.start, 1), (duty.span.end, -1)))
    depth, opened, found = 0, START, []
    for moment, step in edges:
        if depth == 1 and step > 0:
            opened = moment
        if depth == 2 and step < 0 and opened < moment:
            found.append(portion.closedopen(opened, moment))
        depth += step
    return portion.Interval(*found)


def list_of(interval: portion.Interval) -> list[tuple[datetime, datetime]]:
    return [(one.lower, one.upper) for one in interval]


def pairs(spans: SpanSet) -> list[tuple[datetime, datetime]]:
    return [(span.start, span.end) for span in spans]


def _grouped(rows: list[tuple[str, datetime, datetime]]) -> Spans:
    found: Spans = {}
    for link, start, end in rows:
        found.setdefault(link, []).append((start, end))
    return found


def timed(name: str, act: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of an act, after one run to warm up."""
    act()
    taken = []
    for _run in range(runs):
        gc.collect()
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    middle = statistics.median(taken)
    print(f"{name + f', median of {runs}':<46}{middle * 1000:9.1f} ms")
    return middle


if __name__ == "__main__":
    main()
