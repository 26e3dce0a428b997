"""The refused events of a calendar as a calendar of their own, each with its reason: mend them, import that file."""

import os
from pathlib import Path

from planner.journal.core.intake import Unreadable
from planner.rosters.adapters.ics_zones import as_text
from planner.rosters.calendars.reading import Found


def write_rejects(path: str | Path, found: Found, *, key: str) -> None:
    """Put the file in its place. Raises Unreadable when nothing can be written there."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//counter-messaging planner//rejects//EN"]
    head += ["X-PLANNER-REJECTS:1", f"X-WR-RELCALID:{key}", *dict.fromkeys(found.frame)]
    events = []
    for block, reject in found.rejects:
        reason = f"X-PLANNER-REJECT-REASON:{reject.field} {reject.reason}".replace("\n", " ")
        events.append(as_text(block).rstrip().replace("\r\nEND:VEVENT", f"\r\n{reason}\r\nEND:VEVENT"))
    part = Path(f"{path}.part")
    try:
        part.write_bytes("\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode(errors="replace"))
        os.replace(part, path)
    except OSError as fault:
        raise Unreadable(f"The rejects file {path} cannot be written: {fault.strerror}. Name another place.") from None
