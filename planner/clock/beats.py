"""The whole timetable: what runs, how often, and which function does it. Each gets `now` and says how much it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.claims.services import forget_sightings
from planner.clock import next_due
from planner.clock.dead_man import ping
from planner.coverage.services import record_ledger
from planner.notices import dispatch as notices
from planner.planning import dispatch as planning
from planner.publishing import dispatch as publishing
from planner.publishing import services as posts
from planner.rebuttals import dispatch as rebuttals
from planner.rosters import dispatch as rosters
from planner.rosters.calendars.rolling import roll_calendars
from planner.rosters.rolling import roll_rules
from planner.tasking import dispatch as tasking
from planner.tasking.services import attend, tell_about_swaps

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """`run(now=…)` every `period`, and also at the moment that `next_due(after=…)` names, if it has one."""

    name: str
    period: timedelta
    run: Callable[..., object]
    next_due: Callable[..., datetime | None] | None = None


BEATS = (
    Beat("publish", 2 * SECOND, publishing.hand_over, next_due.post),
    Beat("notify", 2 * SECOND, notices.hand_over, next_due.notice),
    Beat("climb", 5 * SECOND, tasking.hand_over, next_due.task),
    Beat("attend", 15 * SECOND, attend),
    Beat("stop_unapproved", 3 * SECOND, posts.stop_unapproved),
    Beat("expire", 5 * SECOND, posts.expire),
    Beat("cut_threads", 5 * SECOND, posts.cut_threads),
    Beat("find_late", 5 * SECOND, posts.find_late),
    Beat("rescue", 5 * SECOND, publishing.rescue),
    Beat("ask_again", 10 * SECOND, publishing.ask_again),
    Beat("note_answers", 5 * SECOND, posts.note_answers),
    Beat("rehearse", MINUTE, publishing.rehearse),
    Beat("check_links", 5 * SECOND, rebuttals.hand_over_links),
    Beat("plan", 2 * SECOND, planning.hand_over),
    Beat("roll_rules", 10 * MINUTE, roll_rules),
    Beat("tell_about_swaps", MINUTE, tell_about_swaps),
    Beat("poll_calendars", MINUTE, rosters.hand_over),
    Beat("roll_calendars", 10 * MINUTE, roll_calendars),
    Beat("record_ledger", 10 * MINUTE, record_ledger),
    Beat("forget", 60 * MINUTE, forget_sightings),
    Beat("dead_man", MINUTE, ping),
)
NAMES = [beat.name for beat in BEATS]
