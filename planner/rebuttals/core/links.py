"""The links of a text, and what asking after one came to. Values only."""

from enum import StrEnum

import regex

from planner.rebuttals.core.entities import LINK

MOST_LINKS = 5  # of one text are asked after
LONGEST = 600  # characters: what a row holds
# A page that wants a browser, a sign-in or fewer questions is there: readers will see it.
THERE = {401, 403, 405, 406, 407, 429, 451}
_LINK = regex.compile(LINK)


class LinkWord(StrEnum):
    """What asking after a link came to."""

    ANSWERS = "answers"
    REFUSES = "refuses"  # it answers with a status that no reader gets past (404, 500)
    SILENT = "silent"  # no such name, no connection, no answer in time
    INSIDE = "inside"  # it leads to a machine of our own net
    ENDLESS = "endless"  # it leads on and on
    NO_ADDRESS = "no_address"  # it, or where it leads, is no plain web address


LINK_WORDS = [word.value for word in LinkWord]


def links(text: str) -> list[str]:
    """The links of a text in order, each once, at most MOST_LINKS; without those too long to be kept."""
    found = dict.fromkeys(hit[0] for hit in _LINK.finditer(text))
    return [url for url in found if len(url) <= LONGEST][:MOST_LINKS]


def of_status(status: int) -> LinkWord:
    """What an answer's status says to a reader."""
    return LinkWord.ANSWERS if status < 400 or status in THERE else LinkWord.REFUSES
