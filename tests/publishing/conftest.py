"""Who looks at the pages of publishing."""

import pytest
from django.test import Client

from tests.factories import make_person


@pytest.fixture
def officer(client: Client):
    person = make_person("Sara Nabil", roles=["officer"])
    client.force_login(person)
    return person


@pytest.fixture
def administrator(client: Client):
    person = make_person("Huda Rashid", roles=["administrator"])
    client.force_login(person)
    return person
