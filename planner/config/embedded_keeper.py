"""The keeper of one embedded server: starts it, restarts it when it dies, stops it when nobody holds it any more.

Run as `python -m planner.config.embedded_keeper postgres|valkey`. Says `ready`, or why not, on standard output.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from planner.config import embedded_places as places
from planner.config.embedded_servers import Server, prepare
from planner.config.supervision import die_with_parent

START_SECONDS = 60
STOP_SECONDS = 20


class Stop(Exception):
    """Somebody asked the keeper to end."""


def main(kind: str) -> None:
    """Keep one server until its last client has let go."""
    signal.signal(signal.SIGTERM, _ask_to_stop)
    signal.signal(signal.SIGINT, _ask_to_stop)
    process = None
    try:
        _lock(f"{kind}.keeper")
        # The server inherits this lock: while a process of a killed keeper's server lives, we wait here.
        server_lock = _lock(f"{kind}.server")
        clients = os.open(places.lock_dir() / f"{kind}.clients", os.O_RDWR | os.O_CREAT, 0o600)
        server = prepare(kind)
        process = _start(server, server_lock)
        print("ready", flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        while not _is_abandoned(clients):
            if process.poll() is not None:
                print(f"{kind} ended with {process.returncode}; starting it again", file=sys.stderr, flush=True)
                time.sleep(0.5)
                process = _start(prepare(kind), server_lock)
            time.sleep(0.1)
    except (places.Misplaced, OSError, TimeoutError, KeyError) as problem:
        print(_explained(problem), flush=True)
        sys.exit(1)
    except Stop:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if process is not None and process.poll() is None:
            _stop(process, server.stop_signal)


def _explained(problem: BaseException) -> str:
    if isinstance(problem, KeyError):
        return f"user id {os.geteuid()} has no name on this machine (add a line to /etc/passwd): {problem}"
    if isinstance(problem, PermissionError):
        return f"{problem}: this user may not write there; set PLANNER_VAR_DIR (or, as root, PLANNER_SYSTEM_DIR)"
    return str(problem)


def _ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


def _lock(name: str) -> int:
    """Wait for an exclusive lock and keep it; raises TimeoutError."""
    places.make_private_dirs()
    handle = os.open(places.lock_dir() / name, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{places.lock_dir() / name} is still held by an earlier server") from None
            time.sleep(0.05)


def _is_abandoned(clients: int) -> bool:
    """Whether nobody holds the server; from then on newcomers wait until it has stopped."""
    try:
        fcntl.flock(clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(server: Server, lock: int) -> "subprocess.Popen[bytes]":
    service = places.service_id()
    identity: dict[str, Any] = {} if service is None else {"user": service, "group": service, "extra_groups": []}
    process = subprocess.Popen(
        server.argv,
        cwd=server.folder if service is None else "/",
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        pass_fds=[lock],
        preexec_fn=lambda: die_with_parent(server.stop_signal),  # after the change of user, which would undo it
        **identity,
    )
    deadline = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if process.poll() is not None:
            raise TimeoutError(f"the server ended at once with {process.returncode}; its last words are in the log")
        if time.monotonic() > deadline:
            _stop(process, server.stop_signal)
            raise TimeoutError(f"the server was not ready after {START_SECONDS} seconds")
        time.sleep(0.01)
    return process


def _stop(process: "subprocess.Popen[bytes]", sign: int) -> None:
    process.send_signal(sign)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main(sys.argv[1])
