"""The links of the chain, in order. A claim is answered only when all four are whole."""

from enum import StrEnum


class Link(StrEnum):
    SEEN = "seen"
    DRAFTED = "drafted"
    CLEARED = "cleared"
    PUBLISHED = "published"


LINKS = [link.value for link in Link]
