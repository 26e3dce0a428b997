"""Run a command against Debian's own servers: with_services.py {rabbitmq,redis} -- COMMAND...

PostgreSQL and the broker run on free loopback ports, with data in a temporary folder, and are stopped afterwards;
servers that already run on the standard ports are left alone. Missing packages are installed when we are root. The
broker is started again whenever it dies: the command may kill it (its process group is in the file that
PLANNER_SERVICES_BROKER names), as tests/chaos does.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

PACKAGES = {"postgres": "postgresql", "rabbitmq": "rabbitmq-server", "redis": "redis-server"}
START_SECONDS = 90


def main(broker: str, command: list[str]) -> int:
    """Start PostgreSQL and the broker, run the command with their addresses, stop them; the command's exit code."""
    install([name for name in ("postgres", broker) if not program(name)])
    with tempfile.TemporaryDirectory(prefix="planner-services-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o711)  # the servers' own users walk through to their folders
        with postgres(place) as database_url, {"rabbitmq": rabbitmq, "redis": redis}[broker](place) as broker_url:
            print(f"PostgreSQL and {broker} are ready; running {' '.join(command)}", flush=True)
            addresses = {"PLANNER_DATABASE_URL": database_url, "PLANNER_BROKER_URL": broker_url}
            addresses["PLANNER_SERVICES_BROKER"] = str(pid_file(place / broker))
            return subprocess.run(command, env=os.environ | addresses, check=False).returncode


def install(missing: list[str]) -> None:
    """Install the packages of missing servers without starting the services that come with them."""
    if not missing:
        return
    packages = [PACKAGES[name] for name in missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"These servers are missing: {', '.join(missing)}. Install them: apt-get install {' '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    quiet = {"env": environment, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], **quiet)


def program(name: str) -> Path | None:
    """Where a server's program is, on Debian or on the PATH."""
    patterns = {
        "postgres": "usr/lib/postgresql/*/bin/postgres",
        "rabbitmq": "usr/lib/rabbitmq/bin/rabbitmq-server",
        "redis": "usr/bin/redis-server",
    }
    found = sorted(Path("/").glob(patterns[name]))
    return found[-1] if found else None


@contextlib.contextmanager
def postgres(place: Path) -> Iterator[str]:
    """A cluster in which our role may create databases and nothing more; yields its address."""
    server = program("postgres")
    assert server
    data, port, password = own_folder(place / "postgres", "postgres"), free_port(), secrets.token_urlsafe(16)
    admin = f"host={data} port={port} user=admin dbname=postgres"
    initdb = [str(server.parent / "initdb"), "-D", str(data / "data"), "-U", "admin", "--auth=scram-sha-256"]
    secret = data / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    as_user("postgres", [*initdb, f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(data), "-c", "fsync=off", "-c", "max_connections=200"]
    with running("postgres", [str(server), "-D", str(data / "data"), *options], data, signal.SIGINT):
        until(lambda: psycopg.connect(admin, password=password).close() is None, psycopg.OperationalError)
        with psycopg.connect(admin, password=password, autocommit=True) as link:
            link.execute(f"CREATE ROLE planner LOGIN CREATEDB PASSWORD '{password}'")
            link.execute("CREATE DATABASE planner OWNER planner")
        yield f"postgresql://planner:{password}@127.0.0.1:{port}/planner"


@contextlib.contextmanager
def rabbitmq(place: Path) -> Iterator[str]:
    """One node with its own epmd, both on the loopback interface; yields its address."""
    server = program("rabbitmq")
    assert server
    home, port, epmd_port = own_folder(place / "rabbitmq", "rabbitmq"), free_port(), free_port()
    configuration = home / "rabbitmq.conf"
    configuration.write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.file = false\n")
    environment = {
        "HOME": str(home),
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"planner{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    epmd = shutil.which("epmd") or str(next(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")))
    with (
        running(
            "rabbitmq", [epmd, "-port", str(epmd_port), "-address", "127.0.0.1"], home, signal.SIGTERM, environment
        ),
        running("rabbitmq", [str(server)], home, signal.SIGTERM, environment, kept=True),
    ):
        until(lambda: b"AMQP" in exchange(port, b"HELO\0\0\0\0"), OSError)
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


@contextlib.contextmanager
def redis(place: Path) -> Iterator[str]:
    """A Redis that saves nothing; yields its address."""
    home, port, password = own_folder(place / "redis", "redis"), free_port(), secrets.token_urlsafe(16)
    argv = [str(program("redis")), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    argv += ["--dir", str(home), "--requirepass", password]
    with running("redis", argv, home, signal.SIGTERM, kept=True):
        until(lambda: exchange(port, b"PING\r\n"), OSError)
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def own_folder(folder: Path, user: str) -> Path:
    """A folder for a server, owned by the user that Debian gave it when we are root."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def identity(user: str) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam(user)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def as_user(user: str, argv: list[str]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/", **identity(user))  # type: ignore
    if done.returncode:
        sys.exit(f"{argv[0]} failed:\n{done.stderr}")


@contextlib.contextmanager
def running(
    user: str,
    argv: list[str],
    home: Path,
    stop: signal.Signals,
    environment: dict[str, str] | None = None,
    *,
    kept: bool = False,
) -> Iterator[None]:
    """A server in a process group of its own, which is ended with everything in it; its log is shown when we fail.

    `kept`: it is started again when it dies; its process id, which is its group's, is in `pid_file(home)`.
    """
    log = home.parent / f"{Path(argv[0]).name}.log"
    start = {"cwd": "/", "env": os.environ | (environment or {}), "start_new_session": True, **identity(user)}

    def started() -> subprocess.Popen:
        with open(log, "ab") as stream:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, **start)  # type: ignore
        if kept:
            pid_file(home).write_text(str(process.pid))
        return process

    process, over = started(), threading.Event()

    def keep() -> None:
        nonlocal process
        while not over.wait(0.1):
            if process.poll() is not None and not over.wait(0.5):
                process = started()

    keeper = threading.Thread(target=keep) if kept else None
    try:
        if keeper:
            keeper.start()
        yield
    except TimeoutError:
        print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        over.set()
        if keeper:
            keeper.join()
        process.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def pid_file(home: Path) -> Path:
    """Beside a server's folder: its own user writes nothing there."""
    return home.with_suffix(".pid")


def until(ready: Callable[[], object], *expected: type[Exception]) -> None:
    """Wait until a server answers; raises TimeoutError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(*expected):
            if ready():
                return
        time.sleep(0.1)
    raise TimeoutError(f"a server did not answer within {START_SECONDS} s")


def exchange(port: int, said: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
        link.sendall(said)
        return link.recv(64)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("rabbitmq", "redis") or sys.argv[2] != "--":
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[3:]))
