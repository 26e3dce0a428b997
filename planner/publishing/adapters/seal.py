"""Channel secrets are sealed before they reach the database, and opened only in the hand that sends.

PLANNER_SEAL_KEYS holds one or more Fernet keys separated by commas: the first seals, all of them open, so keys rotate
by putting a new one in front. Without it a key is derived from the secret key.
See docs/decisions/0015-sealed-secrets.md.
"""

import base64
import binascii

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(ValueError):
    """No key opens this secret; the text says what to mend."""


def seal(secret: str) -> bytes:
    """The secret encrypted with the first key; b"" for ""."""
    return _keys().encrypt(secret.encode()) if secret else b""


def unseal(sealed: bytes) -> bytes:
    """The secret as it was given; b"" for b"". Raises CannotOpen."""
    if not sealed:
        return b""
    try:
        return _keys().decrypt(bytes(sealed))
    except InvalidToken as error:
        raise CannotOpen(
            "No key opens the secret of this channel: put the key it was sealed with into PLANNER_SEAL_KEYS, "
            "or enter the secret again."
        ) from error


def reseal(sealed: bytes) -> bytes:
    """The same secret under the first key of today. Raises CannotOpen."""
    return seal(unseal(sealed).decode())


def _keys() -> MultiFernet:
    configured = [key.strip() for key in settings.PLANNER_SEAL_KEYS.split(",") if key.strip()]
    try:
        keys: list[str | bytes] = [*configured] or [_derived()]
        return MultiFernet([Fernet(key) for key in keys])
    except (ValueError, binascii.Error) as error:
        raise CannotOpen("PLANNER_SEAL_KEYS must hold Fernet keys: 32 bytes, url-safe base64.") from error


def _derived() -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"planner channel secrets").derive(
        settings.SECRET_KEY.encode()
    )
    return base64.urlsafe_b64encode(key)
