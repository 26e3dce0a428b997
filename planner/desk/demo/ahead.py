"""What the demonstration settled about the days to come: turns, leave, a stand-in, swaps, dates, a plan asked for."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.coverage.services import accept_gap, set_requirement
from planner.desk.demo.house import person
from planner.planning import services as planning
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.models import Team
from planner.rosters.overriding import replace_person
from planner.rosters.rotating import Plan, add_rotation
from planner.rosters.services import add_leave
from planner.rosters.swapping import accept_swap, offer_swap
from planner.tempo.services import save_known_date
from planner.wallclock import WeeklyRule

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
EVENINGS = (0, 1, 2, SUNDAY)  # Karim and Sara are both on call then (scenario.roster_rows)
DAY = timedelta(days=1)


def arrange(*, now: datetime, zone: ZoneInfo) -> None:
    """Everything about the days ahead; but for the turns nothing of it begins before the coming midnight."""
    _asked_for(now, zone)
    _on_the_roster(now, zone)
    _dates(now, zone)
    planning.ask(days=14, hours=8, now=now, by=person("mina"))


def _day(now: datetime, zone: ZoneInfo, weekdays: tuple[int, ...], after: int = 1) -> datetime:
    """Midnight of the first such weekday that is at least `after` days ahead on the zone's clocks."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return next(day for ahead in range(after, after + 7) if (day := today + DAY * ahead).weekday() in weekdays)


def _asked_for(now: datetime, zone: ZoneInfo) -> None:
    """Somebody for every link at all hours; the hour on Fridays between two duties of one approver is accepted."""
    mina, asked_at = person("mina"), now - timedelta(days=15)
    always = WeeklyRule(frozenset(range(7)), 0, 24 * 60, zone.key)
    for link in ("seen", "drafted", "cleared", "published"):
        set_requirement(link=link, rule=always, by=mina, now=asked_at)
    friday = _day(now, zone, (FRIDAY,)).replace(hour=17)
    accept_gap(
        start=friday,
        end=friday + timedelta(hours=1),
        links=["cleared"],
        owner=person("hana"),
        reason="Karim is on his way home from the desk and answers from 18:00 on; they are quiet at this hour.",
        expires_at=friday + timedelta(days=4),
        by=mina,
        now=now - timedelta(hours=20),
    )


def _on_the_roster(now: datetime, zone: ZoneInfo) -> None:
    """Turns, a day of leave, a stand-in, a swap that was taken and one that is open; all of it within the last day."""
    mina, team = person("mina"), Team.objects.get(name="Riverland desk")
    first = _day(now, zone, (SUNDAY,)) - 3 * 7 * DAY
    weekly = Recurrence("FREQ=WEEKLY", first.replace(hour=9, tzinfo=None), 1, zone.key)
    two = (person("layla"), person("omar"))
    turns = Plan("First look at night", two, DutyKind.ON_CALL, ["analyst"], weekly, (time(22), 120))
    add_rotation(turns, team=team, by=mina, now=now - timedelta(hours=23))
    saturday = _day(now, zone, (SATURDAY,))
    add_leave(person=person("yusuf"), start=saturday, end=saturday + DAY, by=mina, now=now - timedelta(hours=22))
    evening = _day(now, zone, EVENINGS)
    replace_person(
        person=person("karim"),
        stand_in=person("hana"),
        start=evening.replace(hour=20),
        end=evening.replace(hour=23),
        reason="Karim speaks at the university.",
        by=mina,
        now=now - timedelta(hours=21),
    )
    _swaps(now, zone)


def _swaps(now: datetime, zone: ZoneInfo) -> None:
    layla, sara = person("layla"), person("sara")
    morning = _day(now, zone, (SUNDAY,)).replace(hour=8)
    duty = layla.shifts.get(during__contains=morning)
    told = now - timedelta(hours=7)
    swap = offer_swap(duty, start=morning, end=morning.replace(hour=12), note="The dentist.", by=layla, now=told)
    accept_swap(swap, by=person("tariq"), now=told + timedelta(minutes=40))
    evening = _day(now, zone, EVENINGS, after=2).replace(hour=20)
    late = sara.shifts.get(during__contains=evening)
    told = now - timedelta(hours=3)
    offer_swap(late, start=evening, end=late.during.upper, note="My sister marries.", by=sara, now=told)


def _dates(now: datetime, zone: ZoneInfo) -> None:
    today, mina = now.astimezone(zone).date(), person("mina")
    for name, ahead, note in (
        ("Budget vote in parliament", 3, "Expect the bread and fuel storyline."),
        ("Anniversary of the ceasefire", 10, "Last year they spoke all night."),
    ):
        day = today + DAY * ahead
        save_known_date(
            name=name, first_day=day, last_day=day, note=note, yearly=ahead == 10, by=mina, now=now - timedelta(days=4)
        )
