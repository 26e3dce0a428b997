"""Coverage in words that a roster manager says."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planner.coverage.assumed import Figure
from planner.coverage.core.links import Link
from planner.coverage.core.reasons import Cause, Reason
from planner.coverage.models import LINK_WORDS, Requirement
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS
from planner.tempo.selectors import theatre

NOBODY_WORDS = {
    Link.SEEN: gettext_lazy("nobody watches the feeds"),
    Link.DRAFTED: gettext_lazy("nobody to draft, no cleared line to release"),
    Link.CLEARED: gettext_lazy("nobody else to clear, no cleared line to release"),
    Link.PUBLISHED: gettext_lazy("no channel works"),
}
CAUSE_WORDS = {
    Cause.NOBODY: gettext_lazy("nobody is rostered"),
    Cause.ON_LEAVE: gettext_lazy("%(names)s: on leave"),
    Cause.OWN_WORDS: gettext_lazy("only %(names)s is there, who may not approve their own words"),
    Cause.OTHER_LANGUAGES: gettext_lazy("%(names)s: not in the language asked for (%(language)s)"),
    Cause.LACKS_ROLE: gettext_lazy("%(names)s: on duty, but without the role needed (%(roles)s)"),
    Cause.TOO_FEW: gettext_lazy("%(there)s of the %(asked)s that are asked for"),
    Cause.NO_RELEASER: gettext_lazy("nobody may release the cleared line %(names)s"),
    Cause.NO_CARRIER: gettext_lazy("no channel works on which the cleared line %(names)s may go out"),
    Cause.LINE_EXPIRED: gettext_lazy("the cleared line %(names)s ends %(at)s%(how)s"),
    Cause.NO_CHANNEL: gettext_lazy("no channel is on the register"),
    Cause.CHANNEL_CLOSED: gettext_lazy("the channel %(names)s is closed since %(at)s%(how)s"),
}
FIGURE_WORDS = {
    "desk": gettext_lazy("An answer from the desk takes"),
    "on_call": gettext_lazy("An answer from on call takes"),
    "half_life": gettext_lazy("Half of an audience is gone after"),
}
CLOSED_WORDS = {
    "": "",
    "held": gettext_lazy(" (held)"),
    "retired": gettext_lazy(" (off the register)"),
    "used_up": gettext_lazy(" (used up)"),
    "withdrawn": gettext_lazy(" (withdrawn)"),
}
DAY_WORDS = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]


def why(links: Iterable[Link]) -> str:
    """What is missing, as "nobody watches the feeds; no channel works"."""
    return "; ".join(str(NOBODY_WORDS[link]) for link in links)


def because(found: Iterable[Reason]) -> str:
    """The reasons of a gap in one line: for each link the cause that holds longest, the same cause said once."""
    first: dict[Link, str] = {}
    for reason in found:
        first.setdefault(reason.link, sentence(reason))
    return "; ".join(dict.fromkeys(first.values()))


def said(found: Iterable[Reason], most: int = 4) -> list[str]:
    """The reasons of a gap as sentences, each with its links: those that hold longest, `most` of them."""
    links: dict[str, list[str]] = {}
    for reason in sorted(found, key=lambda one: -one.lasts):
        words = links.setdefault(sentence(reason), [])
        if (link := str(LINK_WORDS[reason.link])) not in words:
            words.append(link)
    return [f"{', '.join(those)}: {words}" for words, those in list(links.items())[:most]]


def sentence(reason: Reason) -> str:
    """One reason as a roster manager would say it."""
    names = get_text_list([str(name) for name in reason.names], _("and"))
    return str(CAUSE_WORDS[reason.cause]) % {
        "names": names,
        "language": reason.language or "",
        "roles": get_text_list([str(ROLE_WORDS[Role(role)]) for role in reason.roles], _("or")),
        "at": date_format(reason.at.astimezone(theatre()), "D j M H:i") if reason.at else "",
        "how": str(CLOSED_WORDS[reason.how]),
        "there": reason.there,
        "asked": reason.asked,
    }


def assumption(figure: Figure) -> str:
    """What a figure is."""
    return figure_name(figure.key)


def figure_name(key: str) -> str:
    """What the figure of a key is, as people say it."""
    name, _colon, kind = key.partition(":")
    if kind:
        return _("Half of an audience is gone on %(kind)s after") % {"kind": kind}
    return str(FIGURE_WORDS[name])


def source(figure: Figure) -> str:
    """Where a figure comes from: "measured on 14 claims", "assumed"."""
    if figure.measured and figure.is_measured:
        n = figure.measured.claims
        return ngettext("measured on %(n)s claim", "measured on %(n)s claims", n) % {"n": n}
    return _("set by %(name)s") % {"name": figure.row.set_by} if figure.row else _("assumed")


def days(requirement: Requirement) -> str:
    """The days of a requirement: "every day", "Monday to Friday", "Friday and Saturday"."""
    asked = sorted(requirement.days)
    if len(asked) == 7:
        return _("every day")
    if len(asked) > 2 and asked == list(range(asked[0], asked[-1] + 1)):
        return _("%(first)s to %(last)s") % {"first": DAY_WORDS[asked[0]], "last": DAY_WORDS[asked[-1]]}
    return get_text_list([str(DAY_WORDS[day]) for day in asked], _("and"))


def clock(minutes: int) -> str:
    """Minutes after midnight as 22:00; 1440 is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
