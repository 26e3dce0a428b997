"""CSV with the house's columns."""

from planner.claims.adapters import house
from planner.claims.adapters.reader import Reader

READER = Reader("csv", "csv", house.REQUIRED, house.KNOWN, house.read, one_of=house.IDENTITY)
