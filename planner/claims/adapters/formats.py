"""The formats by name, and finding out which one a file has."""

from planner.claims.adapters import csv, ira, jsonl, twitter_io
from planner.claims.adapters.reader import Reader
from planner.journal.core.intake import Unreadable, missing_columns

READERS: dict[str, Reader] = {
    reader.name: reader for reader in (csv.READER, jsonl.READER, ira.READER, twitter_io.READER)
}
FOREIGN = (twitter_io.READER, ira.READER)  # known by their columns; everything else is read as our own


def choose(name: str, *, kind: str, columns: list[str]) -> Reader:
    """The format `name`, or with "auto" the one that kind ("csv", "jsonl") and columns show. Raises Unreadable.

    Raises Unreadable, too, when none of the columns that tell messages apart is there.
    """
    reader = _detect(kind, columns) if name == "auto" else READERS[name]
    if reader.kind != kind:
        raise Unreadable(f"This looks like {kind.upper()}, not {reader.name}: try --format auto.")
    whole = kind == "csv" and set(reader.required) <= set(columns)  # a missing required column is told by the intake
    if whole and reader.one_of and not set(reader.one_of) & set(columns):
        raise Unreadable(missing_columns(reader.one_of, columns, joined="or"))
    return reader


def _detect(kind: str, columns: list[str]) -> Reader:
    if kind == "jsonl":
        return jsonl.READER
    return next((reader for reader in FOREIGN if set(reader.required) <= set(columns)), csv.READER)
