"""APScheduler 3 with its SQLAlchemy job store: a job with a run date a post, run in the scheduler's own ten threads.

python -m dispatching.peer_apscheduler TABLE GRACE   GRACE: "default" or "none"; with posts on standard input they
                                                     are stored, without any the scheduler runs what is stored
"""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from dispatching.diary import note
from dispatching.peer_app import send


def run(key: str) -> None:
    """One job."""
    note("taken", key)
    send(key)


class Noting(ThreadPoolExecutor):
    """Its own executor, with a note of each job that it is given (the scheduler's event comes after all of them)."""

    def submit_job(self, job: Job, run_times: list[datetime]) -> None:
        note("handed", job.id)
        super().submit_job(job, run_times)


def _with_store(kind: type[BaseScheduler], table: str, grace: str) -> BaseScheduler:
    defaults: dict[str, Any] = {} if grace == "default" else {"misfire_grace_time": None}
    url = os.environ["BENCH_DATABASE"].replace("postgresql://", "postgresql+psycopg://")
    store = {"default": SQLAlchemyJobStore(url=url, tablename=table)}
    return kind(jobstores=store, executors={"default": Noting(10)}, job_defaults=defaults, timezone="UTC")


if __name__ == "__main__":
    _table, _grace = sys.argv[1:]
    if said := sys.stdin.read():
        storing = _with_store(BackgroundScheduler, _table, _grace)
        storing.start(paused=True)
        storing.remove_all_jobs()
        for _key, _due in json.loads(said):
            _at = datetime.fromtimestamp(_due, UTC)
            storing.add_job("dispatching.peer_apscheduler:run", "date", run_date=_at, args=[_key], id=_key)
        storing.shutdown()
    else:
        running = _with_store(BlockingScheduler, _table, _grace)
        print("The scheduler runs.", flush=True)
        running.start()
