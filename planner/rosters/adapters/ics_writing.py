"""A person's feed as iCalendar: times in UTC, versions counted, our own words beside, so that it can be read back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from icalendar import Calendar, Event, Todo, vCalAddress, vDuration

from planner.rosters.core.feed import FeedEvent, FeedItem, FeedTask, Version

REFRESH = timedelta(minutes=30)


def written(items: Sequence[FeedItem], versions: Mapping[str, Version], *, name: str, key: str, zone: str) -> bytes:
    """The calendar, folded, in UTF-8. `versions` by UID; `key` stays the same for the same feed."""
    calendar = Calendar()
    for field, value in (
        ("VERSION", "2.0"),
        ("PRODID", "-//counter-messaging planner//roster//EN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", name),
        ("NAME", name),
        ("X-WR-RELCALID", key),
        ("X-PLANNER-ZONE", zone),  # not X-WR-TIMEZONE: that would put our UTC times on another wall
        ("X-PUBLISHED-TTL", vDuration(REFRESH)),
    ):
        calendar.add(field, value)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for item in items:
        version = versions[item.uid]
        made = _event(item) if isinstance(item, FeedEvent) else _task(item)
        made.add("UID", item.uid)
        made.add("SUMMARY", item.title)
        made.add("SEQUENCE", version.sequence)
        made.add("DTSTAMP", version.changed_at)
        made.add("LAST-MODIFIED", version.changed_at)
        if item.url:
            made.add("URL", item.url)
        calendar.add_component(made)
    return calendar.to_ical()


def _event(item: FeedEvent) -> Event:
    made = Event()
    made.add("DTSTART", item.span.start)
    made.add("DTEND", item.span.end)
    made.add("STATUS", "CONFIRMED")
    made.add("TRANSP", "OPAQUE" if item.kind == "desk" else "TRANSPARENT")
    made.add("CATEGORIES", [item.kind])
    made.add("X-PLANNER-KIND", item.kind)
    made.add("X-PLANNER-PERSON", item.person, parameters={"EMAIL": item.email} if item.email else {})
    if item.roles:
        made.add("X-PLANNER-ROLES", ",".join(item.roles))
    if item.email:
        address = vCalAddress(f"mailto:{item.email}")
        address.params["CN"] = item.person
        made.add("ATTENDEE", address)
    return made


def _task(item: FeedTask) -> Todo:
    made = Todo()
    made.add("DTSTART", item.opened_at)
    made.add("STATUS", "IN-PROCESS" if item.is_taken else "NEEDS-ACTION")
    if item.due_at and item.due_at > item.opened_at:
        made.add("DUE", item.due_at)
    return made
