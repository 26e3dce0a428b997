"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet

from planner.publishing.adapters.seal import CannotOpen, reseal, seal, unseal


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
