"""What tests stand on: a real database, a real broker, a real hand."""

import pytest
from django.db import connection

from planner.config.celery import app
from tests.doubles.processes import eventually


@pytest.mark.django_db
def test_the_database_is_postgresql_15_or_newer():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000


def test_a_hand_takes_a_task_from_the_broker(start_hand):
    hand = start_hand()
    app.send_task("planner.config.no_such_task", kwargs={"word": "marker-5107"})
    eventually(lambda: "no_such_task" in hand.output())
