"""The embedded pair: a real PostgreSQL and a real Valkey for one var folder, started when somebody needs them.

Every user of a server holds a shared lock (`flock`) on one file. A keeper process runs the server, tries to take that
lock for itself, and stops the server once nobody is left. The kernel drops the locks of a killed process, so nothing
has to be cleaned up after one, and any number of commands may share a pair. Importing this module starts nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import django
from django.core.management import call_command

from planner.config import embedded_places as places

# Commands that run without a database or a broker, or look after their own.
SERVERLESS = {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"}
SERVERLESS |= {"makemigrations", "startapp", "startproject", "test", "up", "version"}
# Commands that must see the schema as it is, not as it should be.
SCHEMA_COMMANDS = {"dbshell", "flush", "inspectdb", "migrate", "showmigrations", "sqlflush", "sqlmigrate"}


class ServerFailed(Exception):
    """An embedded server could not be started; the text says why and what to do."""


def var_dir() -> Path:
    """The folder that holds everything a run writes: PLANNER_VAR_DIR, by default `var/` beside manage.py."""
    return places.var_dir()


def database_url() -> str:
    """PLANNER_DATABASE_URL, or the address of this var folder's own PostgreSQL (which need not run yet)."""
    if url := os.environ.get("PLANNER_DATABASE_URL"):
        return url
    return f"postgresql://planner@/planner?host={quote(str(places.run_dir()), safe='/')}"


def broker_url(database: int = 0) -> str:
    """PLANNER_BROKER_URL, or the address of this var folder's own Valkey; `database` separates test runs."""
    if url := os.environ.get("PLANNER_BROKER_URL"):
        return url
    return f"redis+socket://{quote(str(places.valkey_socket()), safe='/')}?virtual_host={database}"


def wanted() -> list[str]:
    """Which servers must be embedded because no address was configured, in the order in which they start."""
    variables = {"postgres": "PLANNER_DATABASE_URL", "valkey": "PLANNER_BROKER_URL"}
    return [kind for kind, variable in variables.items() if not os.environ.get(variable)]


@contextlib.contextmanager
def servers() -> Iterator[list[int]]:
    """Hold the servers that are wanted for as long as the block runs; raises ServerFailed.

    Yields the lock's file descriptors: a child process that inherits them (`pass_fds`) holds the servers too, so they
    outlive a killed parent exactly as long as its children need them.
    """
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_held(kind)) for kind in wanted()]


@contextlib.contextmanager
def for_command(argv: Sequence[str]) -> Iterator[None]:
    """The servers, and an up-to-date schema, around one manage.py command that needs them."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in SERVERLESS or command.startswith("-") or {"-h", "--help"} & set(argv[2:]):
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(servers())
            if "postgres" in wanted() and command not in SCHEMA_COMMANDS:
                migrate_if_behind()
        except ServerFailed as failure:
            sys.exit(f"{failure}")
        yield


def migrate_if_behind() -> None:
    """Bring the embedded database's schema to the migrations in this tree; whatever is wrong with one is raised."""
    stamp, wanted_schema = places.postgres_home() / "schema", _schema_fingerprint()
    with _locked("schema", fcntl.LOCK_EX):
        if stamp.exists() and stamp.read_text() == wanted_schema:
            return
        print("Bringing the database schema up to date ...", file=sys.stderr, flush=True)
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        stamp.write_text(wanted_schema)


def _schema_fingerprint() -> str:
    """A digest that changes with every migration of ours and every release of a package that brings its own."""
    files = sorted(places.BASE_DIR.glob("planner/*/migrations/*.py"))
    digest = hashlib.sha256((places.BASE_DIR / "requirements.txt").read_bytes())
    for file in files:
        digest.update(f"{file.parent.parent.name}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _held(kind: str) -> Iterator[int]:
    """One client's hold on one server, started when nobody else holds it."""
    places.make_private_dirs()
    handle = os.open(places.lock_dir() / f"{kind}.clients", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    keeper = None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        with _locked(f"{kind}.starting", fcntl.LOCK_EX):
            if not is_kept(kind):
                keeper = _start_keeper(kind)
        yield handle
    finally:
        last = _is_last(handle)
        os.close(handle)
        if last:
            _wait_until_stopped(kind, keeper)


def is_kept(kind: str) -> bool:
    """Whether a keeper looks after this server now."""
    with _locked(f"{kind}.keeper", fcntl.LOCK_SH | fcntl.LOCK_NB) as free:
        return not free


def _is_last(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_until_stopped(kind: str, keeper: "subprocess.Popen[str] | None", seconds: float = 20) -> None:
    """Give the keeper the time to stop its server, unless a newcomer has taken the server over."""
    deadline = time.monotonic() + seconds
    while is_kept(kind) and time.monotonic() < deadline:
        with _locked(f"{kind}.clients", fcntl.LOCK_EX | fcntl.LOCK_NB) as nobody:
            pass
        with _locked(f"{kind}.clients", fcntl.LOCK_SH | fcntl.LOCK_NB) as open_to_clients:
            pass
        if open_to_clients and not nobody:
            return
        time.sleep(0.02)
    if keeper:
        with contextlib.suppress(subprocess.TimeoutExpired):
            keeper.wait(timeout=1)


def _start_keeper(kind: str) -> "subprocess.Popen[str]":
    """Start the keeper of one server and wait for its verdict."""
    with open(places.log_dir() / f"{kind}.log", "ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "planner.config.embedded_keeper", kind],
            cwd=places.BASE_DIR,
            env=os.environ | {"PLANNER_VAR_DIR": str(var_dir())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    assert keeper.stdout
    with keeper.stdout as verdict:
        answer = verdict.read().strip()
    if answer != "ready":
        keeper.wait()
        raise ServerFailed(
            f"The embedded {kind} server did not start: {answer or 'its keeper ended without a word'}\n"
            f"Its log is {places.log_dir() / f'{kind}.log'}. Mend the cause, or set PLANNER_DATABASE_URL and "
            "PLANNER_BROKER_URL to servers of your own."
        )
    return keeper


@contextlib.contextmanager
def _locked(name: str, how: int) -> Iterator[bool]:
    """A named lock of this var folder; with LOCK_NB yields whether it was free."""
    places.make_private_dirs()
    handle = os.open(places.lock_dir() / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)
