"""The Celery application of the peers: one task that posts to the channel, and notes of when it was handed over.

Hands as ours have them: two workers with two processes each, a prefetch of one, `acks_late`, `reject_on_worker_lost`,
so that what a killed worker held comes back. Redis gives it back after the visibility timeout: a minute for beat (as
ours); an hour, the default, for `eta`, whose documentation asks for more than the longest ETA, or every ETA runs twice.
"""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from celery import Celery
from celery.signals import after_task_publish
from celery.worker.consumer import Consumer

from dispatching.diary import note
from planner.publishing.adapters import webhook
from planner.publishing.core.outcome import Sent
from planner.publishing.core.parcel import Address, Parcel

WAY = os.environ.get("BENCH_WAY", "beat")  # "beat" or "eta": each has a queue of its own
NOBODY = UUID(int=0)

app = Celery("bench", broker=os.environ.get("BENCH_BROKER"), set_as_current=WAY == "beat")
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 60 if WAY == "beat" else 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    beat_max_loop_interval=1,
    task_acks_late=True,
    task_default_queue=f"bench.{WAY}",
    task_ignore_result=True,
    task_reject_on_worker_lost=True,
    worker_consumer="dispatching.peer_app:Watched",
    worker_prefetch_multiplier=1,
)


class Watched(Consumer):
    """A worker that notes when the time of an ETA has come and the task goes to its pool."""

    def apply_eta_task(self, task: Any) -> None:
        note("handed", task.id)
        super().apply_eta_task(task)


@app.task(name="bench.post")
def post(key: str) -> None:
    """Post to the channel, as a hand of ours does: the same adapter, the same call."""
    note("taken", key)
    send(key)


def send(key: str) -> None:
    """One signed POST; an error, as in ours, is not tried again here."""
    now = datetime.now(UTC)
    parcel = Parcel(UUID(key), f"Fact {key}.", "en", "Bench", "Ministry of Examples", NOBODY, now, now)
    outcome = webhook.send(parcel, Address(os.environ["BENCH_URL"], b"bench " * 4))
    if not isinstance(outcome, Sent):
        raise RuntimeError(outcome.detail)


@after_task_publish.connect
def _note_published(body: Any = None, **_rest: Any) -> None:
    """Beat has handed a task to the broker."""
    if WAY == "beat":
        note("handed", body[0][0])
