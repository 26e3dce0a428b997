"""Hands, clocks, broker and database are killed at random while posts fall due: see night.py for the night itself.

`make test` runs a short one; `make chaos` the whole: 500 posts over three minutes, with leases that end by themselves.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.chaos.night import THREADED
from tests.chaos.threads import PARTS
from tests.doubles.processes import REPOSITORY

POSTS, SECONDS = (os.environ.get("PLANNER_CHAOS") or "40x8").split("x")
SEED = os.environ.get("PLANNER_CHAOS_SEED", "56")  # in eight seconds of this one each kind of fault comes


@pytest.mark.timeout(900)
def test_every_post_ends_once_and_somebody_is_told_of_those_that_did_not_go_out():
    patient = ["--patient"] if os.environ.get("PLANNER_CHAOS") else []
    argv = [sys.executable, "-m", "tests.chaos.night", "--posts", POSTS, "--seconds", SECONDS, "--seed", SEED, *patient]
    with tempfile.TemporaryDirectory(prefix="planner-chaos-") as folder:
        Path(folder).chmod(0o755)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_DATABASE", "PYTEST_"))
        }
        environment = kept | {"PLANNER_VAR_DIR": f"{folder}/var"}
        done = subprocess.run(argv, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    night = json.loads(done.stdout.splitlines()[-1])
    print(night)  # shown by pytest -s, and when it fails
    assert set(night["states"]) <= {"published", "failed", "stopped", "uncertain"}
    assert sum(night["states"].values()) == night["posts"] == int(POSTS) + int(POSTS) // THREADED * PARTS
    assert night["in_threads"]
    assert len(night["faults"]) > 1
    faulty = (
        "doubled",
        "published_but_not_public",
        "stopped_but_public",
        "lost",
        "untold",
        "sent_late",
        "thread_broken",
    )
    assert {name: night[name] for name in faulty} == {name: [] for name in faulty}
    assert night["journal_stands"]
