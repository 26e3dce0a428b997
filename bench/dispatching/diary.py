"""What processes write down while they are measured: one JSON line a moment, appended to one file by all of them."""

import json
import os
import time
from collections import defaultdict
from pathlib import Path

VARIABLE = "BENCH_DIARY"


def note(what: str, key: str) -> None:
    """Write down that this happened to a post now (Unix time in seconds). One write, so that no line is torn."""
    line = json.dumps({"what": what, "key": key, "at": time.time()}) + "\n"
    with open(os.environ[VARIABLE], "ab", buffering=0) as diary:
        diary.write(line.encode())


def read(diary: Path, what: str) -> dict[str, list[float]]:
    """When this happened to each post, in the order in which it was written down."""
    found = defaultdict(list)
    for line in diary.read_text().splitlines():
        entry = json.loads(line)
        if entry["what"] == what:
            found[entry["key"]].append(entry["at"])
    return found
