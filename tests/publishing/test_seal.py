"""Secrets at rest."""

import json
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from planner.publishing.adapters.seal import CannotOpen, reseal, seal, unseal
from planner.publishing.models import Channel
from tests.factories import CHANNEL_SECRET, NIGHT, make_channel


def test_a_sealed_secret_opens_again_and_does_not_show():
    sealed = seal("correct horse")
    assert b"horse" not in sealed
    assert unseal(sealed) == b"correct horse"


def test_no_secret_stays_no_secret():
    assert seal("") == b""
    assert unseal(b"") == b""


def test_keys_rotate_and_the_old_one_can_be_thrown_away(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.PLANNER_SEAL_KEYS = old
    sealed = seal("correct horse")
    settings.PLANNER_SEAL_KEYS = f"{new}, {old}"
    assert unseal(sealed) == b"correct horse"
    again = reseal(sealed)
    settings.PLANNER_SEAL_KEYS = new
    assert unseal(again) == b"correct horse"
    with pytest.raises(CannotOpen, match="PLANNER_SEAL_KEYS"):
        unseal(sealed)


def test_another_secret_key_opens_nothing(settings):
    sealed = seal("correct horse")
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotOpen, match="enter the secret again"):
        unseal(sealed)


def test_a_key_that_is_none_is_said_to_be_none(settings):
    settings.PLANNER_SEAL_KEYS = "not a key"
    with pytest.raises(CannotOpen, match="url-safe base64"):
        seal("x")


# the command ----------------------------------------------------------------------------------------------------------
def rotate(*options) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("rotate_seals", *options, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_rotating_puts_every_secret_under_the_newest_key(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.PLANNER_SEAL_KEYS = old
    channel, retired, bare = make_channel(), make_channel(retired_at=NIGHT), make_channel()
    Channel.objects.filter(pk=bare.pk).update(secret_sealed=b"")
    settings.PLANNER_SEAL_KEYS = f"{new},{old}"
    code, said = rotate("--json")
    assert (code, json.loads(said)) == (0, {"resealed": 2, "unopened": []})
    settings.PLANNER_SEAL_KEYS = new
    for row in (channel, retired):
        row.refresh_from_db()
        assert unseal(row.secret_sealed) == CHANNEL_SECRET.encode()


@pytest.mark.django_db
def test_a_secret_that_no_key_opens_is_named_and_left_and_the_others_go_on(settings):
    settings.PLANNER_SEAL_KEYS = Fernet.generate_key().decode()
    lost = make_channel(name="Lost")
    settings.PLANNER_SEAL_KEYS = Fernet.generate_key().decode()
    make_channel(name="Kept")
    code, said = rotate()
    assert code == 1
    assert "1 secrets are now under the newest key" in said
    assert "No key opens the secret of Lost" in said
    before = bytes(lost.secret_sealed)
    lost.refresh_from_db()
    assert bytes(lost.secret_sealed) == before


@pytest.mark.django_db
def test_keys_that_are_none_end_it_before_anything_is_touched(settings):
    settings.PLANNER_SEAL_KEYS = "not a key"
    assert rotate()[0] == 2
