"""Real servers for the tests: PostgreSQL, the broker, hands, clock, SMTP, HTTP, a browser. Nothing of ours is mocked.

The embedded pair of PLANNER_VAR_DIR is started on demand (or shared with whoever runs it already); with
PLANNER_DATABASE_URL and PLANNER_BROKER_URL the suite runs against those. Each pytest process (an xdist worker, too)
takes a slot of its own, which names its test database and its queues, so several runs do not disturb one another.
"""

import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.core.management.color import Style
from django.db import connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from planner.config import embedded, embedded_places, queues
from planner.config.celery import app
from tests import template
from tests.doubles.processes import Running
from tests.doubles.smtp import SmtpServer
from tests.doubles.webhook import WebhookServer

CHROMIUM = Path(os.environ.get("PLANNER_CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A machine that is busy is no finding: what is slow is measured in bench/.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "services: works on the database or the broker, without a page (set here)")
    config.addinivalue_line("markers", "own_server: restarts the database server, so it runs alone")
    config.addinivalue_line("markers", "broker: sends through the real broker (set on every test that asks for it)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m services` picks the tests for which it matters whose servers they run on, `-m broker` whose broker.

    What is drawn, said and refused on a page is the same on any server: tests that open pages are none of them.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        of_pages = {"chromium", "client"} & asked or {"pages", "acceptance"} & set(item.path.parts)
        if "broker" in asked:
            item.add_marker("broker")
        on_servers = {"broker", "db", "transactional_db", "embedded_servers"} & asked or item.get_closest_marker(
            "django_db"
        )
        if on_servers and not of_pages:
            item.add_marker("services")


@pytest.fixture(scope="session")
def slot() -> Iterator[str]:
    """A short name that no other running pytest process has: `t0`, `t1`, ..."""
    embedded_places.make_private_dirs()
    for number in range(100):
        with open(embedded_places.lock_dir() / f"tests.{number}", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"t{number}"
            return


@pytest.fixture(scope="session")
def embedded_servers() -> Iterator[None]:
    """The database and broker servers, running for the whole session (none is started where an address is given)."""
    with embedded.servers():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_servers: None, slot: str, django_db_blocker: DjangoDbBlocker) -> None:
    """pytest-django's hook before it makes the test database: ours is named after the slot, and copied."""
    settings = connections["default"].settings_dict
    with django_db_blocker.unblock():
        copied_from = template.ready()
    settings.setdefault("TEST", {}).update(NAME=f"test_planner_{slot}", TEMPLATE=copied_from)
    # A test need not survive a power cut: commits return before they are on the disk.
    settings["OPTIONS"] = {**settings["OPTIONS"], "options": "-c synchronous_commit=off"}


@pytest.fixture(scope="session", autouse=True)
def _flush_append_only_tables() -> Iterator[None]:
    """Let transactional tests empty the tables that refuse to be emptied; of which most are empty anyway.

    Few rows in few tables: deleting them costs a tenth of cutting off a hundred tables.
    """
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, style: Style, tables: list[str], **options: bool) -> list[str]:
        with connection.cursor() as cursor:
            held = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
            cursor.execute(held or "SELECT ''")
            full = {table for (table,) in cursor.fetchall() if table}
            cursor.execute(
                "SELECT confrelid::regclass::text, conrelid::regclass::text FROM pg_constraint "
                "WHERE contype = 'f' AND NOT condeferrable AND confrelid <> conrelid"
            )
            # What is referred to goes after what refers to it, where that cannot wait for the end.
            sorter = TopologicalSorter[str]({table: () for table in full})
            for referred, refers in cursor.fetchall():
                if {referred, refers} <= full:
                    sorter.add(referred, refers)
        opened = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in full]
        emptied = [f"DELETE FROM {table}" for table in sorter.static_order()]
        closed = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in full]
        return [*opened, *emptied, "SET CONSTRAINTS ALL IMMEDIATE", *closed] if full else []

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


@pytest.fixture(scope="session")
def queue_prefix(slot: str) -> str:
    """What this session's queues are called after; set in this process before the first task is sent."""
    prefix = f"{slot}."
    django_settings.CELERY_TASK_DEFAULT_QUEUE = app.conf.task_default_queue = queues.names(prefix)["ingest"]
    django_settings.CELERY_TASK_ROUTES = app.conf.task_routes = queues.routes(prefix)
    return prefix


@pytest.fixture
def broker(embedded_servers: None, queue_prefix: str) -> str:
    """The address of a real broker whose three queues of this session are empty. Sending a task works from here on."""
    with app.connection_for_write() as link:
        for name in queues.names(queue_prefix).values():
            channel = link.default_channel
            channel.queue_declare(name, durable=True, auto_delete=False)
            channel.queue_purge(name)
    return str(django_settings.CELERY_BROKER_URL)


@pytest.fixture
def planner_environment(transactional_db: None, broker: str, queue_prefix: str) -> dict[str, str]:
    """The environment of a child process that works on the test database and broker; add to it before you start one."""
    python_path = os.pathsep.join(filter(None, [str(embedded_places.BASE_DIR), os.environ.get("PYTHONPATH")]))
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "planner.config.settings",
        "PYTHONPATH": python_path,
        "PLANNER_DATABASE_URL": test_database_url(),
        "PLANNER_BROKER_URL": broker,
        "PLANNER_QUEUE_PREFIX": queue_prefix,
        "PLANNER_VAR_DIR": str(embedded.var_dir()),
        "PYTHONFAULTHANDLER": "1",
        "PLANNER_LOG_LEVEL": "INFO",  # tests wait for what children say
    }


def test_database_url() -> str:
    """The test database as an address that PLANNER_DATABASE_URL takes."""
    settings = connection.settings_dict
    user = ":".join(quote(part, safe="") for part in (settings["USER"], settings["PASSWORD"]) if part)
    place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    options = urlencode(settings["OPTIONS"], quote_via=quote)
    return f"postgresql://{user}@{place}/{settings['NAME']}?{options}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def start_hand(
    planner_environment: dict[str, str], queue_prefix: str, tmp_path: Path
) -> Iterator[Callable[..., Running]]:
    """Start real Celery workers: `hand = start_hand()`, `start_hand("publish", concurrency=2)`; `hand.kill()`.

    Arguments are the kinds of queues (all three without any). Returns when the worker is ready for work. Every worker
    is stopped at the end of the test. The test's rows must be committed: the fixture brings `transactional_db`.
    """
    with contextlib.ExitStack() as stack:
        count = 0

        def start(*kinds: str, concurrency: int = 1, **environment: str) -> Running:
            nonlocal count
            count += 1
            names = queues.names(queue_prefix)
            argv = [sys.executable, "-m", "celery", "-A", "planner.config.celery", "worker", "--loglevel=INFO"]
            argv += ["--queues", ",".join(names[kind] for kind in kinds or queues.KINDS)]
            argv += ["--concurrency", str(concurrency), "--hostname", f"{queue_prefix}{count}@%h"]
            argv += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
            hand = Running(argv, planner_environment | environment, tmp_path / f"hand-{count}.log")
            stack.callback(hand.stop)
            hand.wait_for(" ready.")
            return hand

        yield start


@pytest.fixture
def start_clock(planner_environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start real clocks: `clock = start_clock()`, `start_clock("--some-option")`; `clock.kill()`, `clock.output()`."""
    with contextlib.ExitStack() as stack:
        count = 0

        def start(*arguments: str, **environment: str) -> Running:
            nonlocal count
            count += 1
            argv = [sys.executable, "manage.py", "clock", *arguments]
            clock = Running(argv, planner_environment | environment, tmp_path / f"clock-{count}.log")
            stack.callback(clock.stop)
            return clock

        yield start


@pytest.fixture
def smtp_server(settings: object, request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """A real SMTP server, see tests/doubles/smtp.py. Django in this process sends to it.

    Children started by `start_hand` and `start_clock` do, too, when the test asks for one of them.
    """
    server = SmtpServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port  # type: ignore[attr-defined]
    if {"planner_environment", "start_hand", "start_clock"} & set(request.fixturenames):
        environment = request.getfixturevalue("planner_environment")
        environment.update(PLANNER_SMTP_HOST=server.host, PLANNER_SMTP_PORT=str(server.port))
    yield server
    server.stop()


@pytest.fixture
def webhook_server() -> Iterator[WebhookServer]:
    """A real HTTP server that plays a channel, see tests/doubles/webhook.py: `.url`, `.posts`, `.answer_with(500)`."""
    server = WebhookServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium under playwright; the test is skipped where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install --no-install-recommends chromium, or PLANNER_CHROMIUM")
    # Playwright's loop runs in this thread, so Django would refuse every query; nothing here runs concurrently.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play, play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS) as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page in a window of its own; goes with pytest-django's `live_server`. Time-outs after 10 seconds."""
    with chromium.new_context(locale="en-GB", timezone_id="Asia/Baghdad") as context:
        context.set_default_timeout(10_000)
        yield context.new_page()
