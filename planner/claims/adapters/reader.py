"""What every format says of itself."""

from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from planner.claims.core.observed import Observed
from planner.journal.core.intake import Row


class ReadRow(Protocol):
    """Turn one row into a sighting; raises Fault that names the field."""

    def __call__(self, row: Row, zone: ZoneInfo | None) -> Observed: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: the kind of file, the columns it must and may have, and how a row is read.

    `one_of`: at least one of these columns must be there. `moment`: the column that says when a message was posted.
    Times in a format with `utc` are UTC whatever --zone says.
    """

    name: str
    kind: str
    required: tuple[str, ...]
    known: tuple[str, ...]
    read: ReadRow
    one_of: tuple[str, ...] = ()
    utc: bool = False
    moment: str = "posted_at"
