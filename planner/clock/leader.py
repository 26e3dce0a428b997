"""One clock leads: whoever holds an advisory lock of PostgreSQL, on a connection of its own that also listens.

The lock goes with the connection, so a dead or cut-off clock loses it by itself and another one takes over. Two leaders
for a moment would do no harm: rows are taken with SKIP LOCKED.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from planner.leases.services import DUE_CHANNEL

log = logging.getLogger(__name__)
LOCK = 0x706C_616E_636C_6F63  # 'planclok' read as a number
LOOK_AGAIN = 1.0  # seconds between tries for the lock, and between two looks at the connection
LONGEST_WAIT = 5.0


class Leader(threading.Thread):
    """Keeps trying to lead: `on_lead()` once it does, `on_due()` when a transaction said that a row is due earlier."""

    def __init__(self, *, on_due: Callable[[], None], on_lead: Callable[[], None]) -> None:
        super().__init__(name="leader", daemon=True)
        self._on_due, self._on_lead = on_due, on_lead
        self._leads, self._ends = threading.Event(), threading.Event()

    @property
    def leads(self) -> bool:
        return self._leads.is_set()

    def stop(self) -> None:
        """Let go of the lock and end; another clock may lead at once."""
        self._ends.set()
        self.join(timeout=5)

    def run(self) -> None:
        wait = 0.2
        while not self._ends.is_set():
            try:
                with _own_connection() as link:
                    wait = 0.2
                    self._hold(link)
            except psycopg.Error as error:
                log.warning("the leader's connection broke: %s", str(error).strip())
            finally:
                if self.leads:
                    log.info("no longer leads")
                self._leads.clear()
            self._ends.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def _hold(self, link: psycopg.Connection) -> None:
        link.execute(f"LISTEN {DUE_CHANNEL}")
        while not self._ends.is_set() and not self.leads:
            row = link.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
            if row and row[0]:
                self._leads.set()
                log.info("leads")
                self._on_lead()
            else:
                self._ends.wait(LOOK_AGAIN)
        while not self._ends.is_set():
            if any(True for _note in link.notifies(timeout=LOOK_AGAIN, stop_after=1)):
                # Many transactions may say so at once: one look answers them all.
                list(link.notifies(timeout=0))
                self._on_due()
            link.execute("SELECT 1")


def _own_connection() -> psycopg.Connection:
    """A connection of its own, outside Django's care, that commits by itself."""
    params = connections["default"].get_connection_params()
    plain = {name: value for name, value in params.items() if name not in {"context", "cursor_factory"}}
    keeps: dict[str, Any] = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    return psycopg.connect(**{**plain, **keeps, "autocommit": True, "connect_timeout": 5})
