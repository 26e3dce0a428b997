"""A migrated database from which test databases are copied: migrations run once, not once for each process and run."""

import fcntl
import hashlib
import re
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection

from planner.config import embedded_places

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "template_planner_"


def ready() -> str:
    """The name of a database of this server to which all migrations of this checkout were applied; made when missing.

    Its name carries a digest of the migrations and of the pins, so a changed one is never copied. Old ones are dropped.
    """
    name = PREFIX + _digest()
    with open(embedded_places.lock_dir() / "tests.template", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        standing = _standing()
        if name not in standing:
            for old in standing:
                _drop(old)
            _make(name)
    return name


def _digest() -> str:
    said = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "planner").glob("*/migrations/*.py")):
        said.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return said.hexdigest()[:16]


def _standing() -> list[str]:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        return [name for (name,) in cursor.fetchall()]


def _make(name: str) -> None:
    """Under another name until it is whole, so that a run that is cut off leaves nothing to be copied."""
    building = f"{name}_new"
    _run(f'CREATE DATABASE "{building}"')
    home = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = building
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = home
    _run(f'ALTER DATABASE "{building}" RENAME TO "{name}"')


def _drop(name: str) -> None:
    """An old one; another run that is just copying it keeps it."""
    try:
        _run(f'DROP DATABASE IF EXISTS "{name}"')
    except OperationalError:  # object in use
        return


def _run(statement: str) -> None:
    assert re.fullmatch(r'[A-Z ]+"\w+"( RENAME TO "\w+")?', statement), statement
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(statement)
