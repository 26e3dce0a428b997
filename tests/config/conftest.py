"""Var folders of their own, and processes found by the folder they work on."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.doubles.processes import REPOSITORY

# Enters the embedded servers, says so, and holds them until its standard input is closed.
HOLD = """
import sys, psycopg
from planner.config import embedded
with embedded.servers():
    with psycopg.connect(embedded.database_url()) as link:
        print(link.execute("SELECT current_setting('data_directory')").fetchone()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="session")
def system_dir() -> Iterator[Path]:
    """A system folder that root's services can reach, instead of the machine's."""
    folder = Path(tempfile.mkdtemp(prefix="planner-system-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_environment(system_dir: Path) -> Iterator[Callable[..., dict[str, str]]]:
    """`make_environment(below="")`: the environment of a process with a fresh var folder, nothing configured.

    Whatever still works on the folder at the end of the test is killed.
    """
    with contextlib.ExitStack() as stack:

        def make(below: str = "", **more: str) -> dict[str, str]:
            return stack.enter_context(fresh_environment(system_dir, below)) | more

        yield make


@pytest.fixture
def environment(make_environment: Callable[..., dict[str, str]]) -> dict[str, str]:
    return make_environment()


@contextlib.contextmanager
def fresh_environment(system_dir: Path, below: str = "") -> Iterator[dict[str, str]]:
    """A var folder that any user may walk to, and the environment that names it; both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="planner-var-", dir="/tmp"))
    folder.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "PYTEST_"))}
    place = {"PLANNER_VAR_DIR": str(folder / below / "var"), "PLANNER_SYSTEM_DIR": str(system_dir)}
    yield kept | place | {"PYTHONPATH": str(REPOSITORY)}
    power_cut(folder)
    shutil.rmtree(folder, ignore_errors=True)


def processes_of(folder: str | Path) -> list[psutil.Process]:
    """Every living process that was told to work in this folder, or stands in it, or names it on its command line."""
    found = []
    for process in psutil.process_iter():
        try:
            # A server that shows a title of its own overwrites its environment.
            traces = [process.environ().get("PLANNER_VAR_DIR", ""), process.cwd(), *process.cmdline()]
            living = process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE
            if living and any(str(folder) in trace for trace in traces):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def power_cut(folder: str | Path) -> None:
    """End everything that works in this folder at the same moment: nobody has the time to tidy up."""
    found = processes_of(folder)
    for act in (psutil.Process.suspend, psutil.Process.kill):
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                act(process)
    psutil.wait_procs(found, timeout=10)


class Holder:
    """A process that holds the servers of its var folder; `data` is the folder of the database's data."""

    def __init__(self, environment: dict[str, str], cwd: Path = REPOSITORY) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            env=environment,
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.data = Path(self.process.stdout.readline().strip())
        if self.data == Path("."):
            raise AssertionError(self.process.communicate()[1])

    def let_go(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(30) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def query(environment: dict[str, str], statement: str) -> str:
    """What one statement returns in the database of this var folder, asked by a process of its own."""
    script = (
        "import sys, psycopg\nfrom planner.config import embedded\n"
        "with embedded.servers(), psycopg.connect(embedded.database_url()) as link:\n"
        "    cursor = link.execute(sys.argv[1])\n"
        "    print(cursor.fetchone()[0] if cursor.description else '')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, statement], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
