"""Public holidays of the theatre's country, from the library `holidays`; moon-sighted ones are its estimates."""

from datetime import date
from functools import lru_cache

import holidays

EXPECTED = "expected a country's two letters such as IQ, or with a part of it such as GB-ENG"


def public_holidays(place: str, years: tuple[int, ...], language: str) -> list[tuple[date, str]]:
    """The public holidays of `place` (ISO 3166, "" for nowhere) in these years, by date, in the language where known.

    Raises ValueError for a place that the library does not know.
    """
    return list(_holidays(place, years, language)) if place else []


@lru_cache(maxsize=64)
def _holidays(place: str, years: tuple[int, ...], language: str) -> tuple[tuple[date, str], ...]:
    country, _, part = place.partition("-")
    try:
        spoken = holidays.country_holidays(country).supported_languages
        chosen = next((one for one in spoken if one.partition("_")[0] == language), None)
        found = holidays.country_holidays(country, subdiv=part or None, years=years, language=chosen)
    except NotImplementedError:
        raise ValueError(f"“{place}” has no holidays that are known: {EXPECTED}") from None
    return tuple(sorted(found.items()))
