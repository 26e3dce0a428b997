"""The clock: APScheduler in memory runs the beats of one leader, and wakes at the moment the next row is due.

Nothing is remembered here. A clock that was away for an hour finds by looking at the rows what is due, and what is too
late. See docs/decisions/0014-clock.md.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from planner.clock.beats import BEATS, Beat
from planner.clock.leader import Leader
from planner.leases.services import beat as stamp_beat

log = logging.getLogger(__name__)
LOOK_UP = 0.5  # seconds: a signal may have been given to another thread than the one that waits
LAST_BEATS = 10.0  # seconds that running beats get when the clock is told to end


class Clock:
    """Call `run()` in the main thread; it returns after `stop()`, which may come from a signal."""

    def __init__(self, beats: Sequence[Beat] = BEATS) -> None:
        self._beats = beats
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(beats) + 4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        self._arming = threading.Lock()
        # Of all queues, events and locks this one alone may be used by a signal handler that interrupts its own use.
        self._told_to_end: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._counting, self._beating = threading.Lock(), 0
        self._leader = Leader(on_due=self._arm_all, on_lead=self._run_all)

    def run(self) -> None:
        """Beat until stopped."""
        soon = timezone.now() + timedelta(seconds=0.5)
        for beat in self._beats:
            every = IntervalTrigger(seconds=round(beat.period.total_seconds()), timezone="UTC")
            self._scheduler.add_job(self._tick, every, [beat], id=beat.name, next_run_time=soon)
        self._scheduler.start()
        self._leader.start()
        while not self._is_told_to_end():
            pass
        self._leader.stop()
        self._scheduler.shutdown(wait=False)
        deadline = time.monotonic() + LAST_BEATS
        while self._beating and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        """End; beats that run now get `LAST_BEATS` seconds. Safe in a signal handler, and before `run` has begun."""
        self._told_to_end.put(None)

    @property
    def is_still_beating(self) -> bool:
        """Whether a beat outlived the end of `run`: it waits for something that does not come."""
        return self._beating > 0

    def _is_told_to_end(self) -> bool:
        try:
            self._told_to_end.get(timeout=LOOK_UP)
        except queue.Empty:
            return False
        return True

    def _tick(self, beat: Beat) -> None:
        if not self._leader.leads:
            return
        now = timezone.now()
        with self._counting:
            self._beating += 1
        try:
            run_beat(beat, now=now)
        finally:
            with self._counting:
                self._beating -= 1
        self._arm(beat, after=now)

    def _run_all(self) -> None:
        """The clock that led before may have died long ago: no beat waits for its own next turn."""
        for beat in self._beats:
            self._scheduler.modify_job(beat.name, next_run_time=timezone.now())

    def _arm_all(self) -> None:
        """A transaction somewhere said that something is due earlier than we believe."""
        for beat in self._beats:
            self._arm(beat, after=None)

    def _arm(self, beat: Beat, *, after: datetime | None) -> None:
        """Run a beat at its earliest row due later than `after`; what was due before and still is, the sweep finds."""
        if beat.next_due is None:
            return
        # Read and set in one go: an older reading must not replace a newer one.
        with self._arming:
            try:
                close_old_connections()
                due_at = beat.next_due(after=after)
            except DatabaseError:
                log.warning("the next due moment of %s could not be read; the sweep goes on", beat.name, exc_info=True)
                return
            if due_at is not None and self._scheduler.running:
                at = DateTrigger(max(due_at, timezone.now()))
                job = f"{beat.name} when due"
                # The tick that arms is still running when the next one comes: APScheduler would drop it.
                self._scheduler.add_job(self._tick, at, [beat], id=job, replace_existing=True, max_instances=5)


def run_beat(beat: Beat, *, now: datetime) -> bool:
    """One beat, its error contained and kept with its heartbeat. Whether it went well."""
    error = None
    try:
        close_old_connections()
        done = beat.run(now=now)
        if isinstance(done, int) and done:
            log.info("%s: %d", beat.name, done)
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"
        log.exception("beat %s failed", beat.name)
    try:
        close_old_connections()
        stamp_beat(name=beat.name, period=beat.period, now=now, error=error)
    except DatabaseError:
        log.warning("beat %s could not be stamped", beat.name, exc_info=True)
    return error is None
