"""Moments of tonight in sentences, on the theatre's clocks."""

from datetime import datetime

from django.utils.formats import date_format

from planner.desk.templatetags.desk_time import place
from planner.tempo.selectors import theatre


def at(instant: datetime) -> str:
    """ "03:00": for a sentence that names the place at its end."""
    return str(date_format(instant.astimezone(theatre()), "H:i"))


def clock(instant: datetime) -> str:
    """ "03:00 Baghdad"."""
    return f"{at(instant)} {here()}"


def day(instant: datetime) -> str:
    """ "Fri 27 Nov 08:00"."""
    return str(date_format(instant.astimezone(theatre()), "D j M H:i"))


def here() -> str:
    """The theatre's city, in the reader's language."""
    return place(theatre().key)
