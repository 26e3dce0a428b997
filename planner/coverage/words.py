"""Coverage in words that a roster manager says."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.coverage.core.links import Link
from planner.coverage.models import Requirement

NOBODY_WORDS = {
    Link.SEEN: gettext_lazy("nobody watches the feeds"),
    Link.DRAFTED: gettext_lazy("nobody to draft, no cleared line to release"),
    Link.CLEARED: gettext_lazy("nobody else to clear, no cleared line to release"),
    Link.PUBLISHED: gettext_lazy("no channel works"),
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
