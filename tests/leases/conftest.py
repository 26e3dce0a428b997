"""A table of errands: the smallest model that can be leased, in a registry of its own."""

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection, models

from planner.leases.models import LeasedRow


class Errand(LeasedRow):
    """Something to be done; `label` tells rows apart."""

    label = models.CharField(max_length=40)

    class Meta:
        app_label = "errands"
        apps = Apps()


@pytest.fixture
def errands(transactional_db: None) -> Iterator[type[Errand]]:
    """The model, its table made for this test and dropped after it."""
    with connection.schema_editor() as editor:
        editor.create_model(Errand)
    yield Errand
    with connection.schema_editor() as editor:
        editor.delete_model(Errand)
