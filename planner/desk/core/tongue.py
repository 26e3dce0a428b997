"""The words of the drawings, and how they are said; translated by whoever draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from planner.desk.core import words


def _(text: str) -> str:
    """Mark a text for makemessages; the core itself translates nothing."""
    return text


LABELS: dict[str, str] = {
    "title": _("Night line"),
    "desc": _("Expected claims by hour, who could answer, gaps, posts and claims, from {start} to {end}."),
    "seen": _("seen"),
    "drafted": _("drafted"),
    "cleared": _("cleared"),
    "published": _("published"),
    "desk": _("at the desk"),
    "on_call": _("on call"),
    "cleared_line": _("cleared line"),
    "channel": _("channel open"),
    "tempo": _("they speak"),
    "tempo_unit": _("claims / h"),
    "rate": _("{rate} / h"),
    "tempo_title": _("Claims expected by hour, with their interval"),
    "peak": _("peak {time}: {rate} / h"),
    "chain_title": _("Who can do each link of the chain"),
    "gaps_title": _("Gaps: stretches in which a link is missing"),
    "gap": _("{start}–{end} {words}"),
    "gap_loss": _("{expected} claims expected, {loss} reach half their audience unanswered"),
    "gap_brief": _("{expected} expected, {loss} unanswered"),
    "gap_lost": _("{loss} audiences lost"),
    "gap_accepted": _("accepted"),
    "claims": _("claims"),
    "claims_title": _("Claims: the length of a line is the time to the first official word"),
    "so_far": _("{duration} so far"),
    "declined": _("no public answer after {duration}"),
    "declined_brief": _("declined after {duration}"),
    "posts": _("posts"),
    "posts_title": _("Posts, each with its expiry as a tail"),
    "post": _("{time} {channel}"),
    "now": _("now, {time} {zone}"),
    "forward": _("clocks go forward {duration}"),
    "back": _("clocks go back {duration}"),
    "minutes_5": _("5 min"),
    "minutes_15": _("15 min"),
    "minutes_30": _("30 min"),
    "minutes_60": _("1 h"),
    "minutes_120": _("2 h"),
    "minutes_240": _("4 h"),
    "minutes_480": _("8 h"),
    "minutes_1440": _("1 d"),
    "minutes_4320": _("3 d"),
    "minutes_10080": _("7 d"),
}


def english_day(instant: datetime) -> str:
    """ "Fri 13 Jun" for a local time."""
    return f"{instant:%a} {instant.day} {instant:%b}"


@dataclass(frozen=True)
class Tongue:
    """How the drawing speaks: translated labels, and functions that say durations, places, days and numbers."""

    labels: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[timedelta], str] = words.plain
    place: Callable[[str], str] = words.city
    day: Callable[[datetime], str] = english_day
    number: Callable[[float], str] = "{:.1f}".format

    def text(self, key: str, **values: str) -> str:
        """The label of that name with its blanks filled; KeyError for a name nobody wrote."""
        return (self.labels.get(key) or LABELS[key]).format(**values)
