"""A press list by e-mail: one letter over SMTP, its readers on the envelope only.

`url` is host:port; `options`: `user`, `security` (starttls, tls, or none on this machine), `sender`, `recipients`. The
secret is the password. SMTP takes no key: the Message-ID is the same at every try, and when the letter was handed over
and no answer came, nobody can tell.
"""

import re
import smtplib
import ssl
import time
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from planner.publishing.core.checked import Checked
from planner.publishing.core.letter import Refusal, is_address, letter, missed
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel

TIMEOUT = 10.0  # for each answer of the server
SECONDS = 20.0  # until the letter must be on its way: with a slow server and a long list nothing is sent
SECONDS_WITH_PICTURES = 13.0  # the same, where the letter itself takes longer
A_SECOND = 1_000_000  # bytes of a letter that a server is given one more second for
SECURITY = ("starttls", "tls", "none")
HERE = {"localhost", "127.0.0.1", "[::1]"}
MOST_RECIPIENTS = 500
TROUBLE = (smtplib.SMTPException, OSError, UnicodeError)


class _Refused(Exception):
    """The server's own no, before anything was handed over."""

    def __init__(self, code: int, words: bytes | str) -> None:
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        super().__init__(f"{code} {' '.join(said.split())}"[:300])
        self.code = code


def faults(address: Address) -> str:
    """ "" when server, sender and list could work, else what to mend. Asks nobody."""
    host, port = _place(address)
    security = address.options.get("security", "starttls")
    if not host or not 0 < port < 65536:
        return "The server must be a name and a port, such as smtp.example.org:587."
    if security not in SECURITY or (security == "none" and host not in HERE):
        return "Passwords and letters go over TLS: choose STARTTLS or TLS."
    if not is_address(parseaddr(str(address.options.get("sender") or ""))[1]):
        return "The sender must be an address, such as press@example.org."
    recipients = _recipients(address)
    wrong = [one for one in recipients if not is_address(one)]
    if wrong or not recipients:
        return f"Not an address: {wrong[0]}" if wrong else "The press list is empty: one address a line."
    if len(recipients) > MOST_RECIPIENTS:
        return f"{len(recipients)} addresses are too many for one letter; {MOST_RECIPIENTS} fit."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Connect, secure the line, sign in, say goodbye; see Adapter."""
    try:
        with _server(address, until=time.monotonic() + SECONDS) as server:
            server.noop()
    except (*TROUBLE, _Refused) as error:
        return Checked(False, _blank(f"The mail server was asked: {_said(error)}", address))
    people = len(_recipients(address))
    return Checked(True, f"{address.url} lets us in; {people} on the list.")


def send(parcel: Parcel, address: Address) -> Outcome:
    """One letter to the whole list; see Adapter. Sent says whom the server did not take."""
    until = time.monotonic() + (SECONDS_WITH_PICTURES if parcel.pictures else SECONDS)
    sender = str(address.options["sender"])
    message = letter(
        key=parcel.key,
        text=parcel.text,
        language=parcel.language,
        attribution=parcel.attribution,
        sender=sender,
        dated=parcel.due_at,
        pictures=parcel.pictures,
    )
    try:
        server = _server(address, until=until)
    except _Refused as error:
        return _no(error.code, _blank(f"The mail server refused: {error}", address))
    except TROUBLE as error:
        return _no(
            getattr(error, "smtp_code", 0), _blank(f"The mail server did not let us in: {_said(error)}", address)
        )
    try:
        refusals = _envelope(server, parseaddr(sender)[1], _recipients(address), until=until)
    except _Refused as error:
        server.close()
        return _no(error.code, _blank(f"The mail server refused: {error}", address))
    except TROUBLE as error:
        server.close()
        return NotPosted(_blank(f"The letter was not handed over: {_said(error)}", address))
    return _hand_over(server, message.as_bytes(), refusals, address)


def find(parcel: Parcel, address: Address) -> Outcome:
    """Unknown: a mail server cannot be asked."""
    return Unknown("A mail server cannot be asked whether it has a letter.")


def _server(address: Address, *, until: float) -> smtplib.SMTP:
    """A line to the server, secured and signed in. Raises TROUBLE; certificates as this machine believes them."""
    host, port = _place(address)
    security, context = address.options.get("security", "starttls"), ssl.create_default_context()
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        _spare(server, until).ehlo()
        if security == "starttls":
            _spare(server, until).starttls(context=context)
            _spare(server, until).ehlo()
        if address.options.get("user"):
            _spare(server, until).login(str(address.options["user"]), address.secret.decode())
    except BaseException:
        server.close()
        raise
    return server


def _envelope(server: smtplib.SMTP, sender: str, recipients: Sequence[str], *, until: float) -> list[Refusal]:
    """Name sender and readers up to the word DATA; whom the server refused. Raises when nobody is left, or TROUBLE."""
    code, words = _spare(server, until).mail(sender)
    if code != 250:
        raise _Refused(code, words)
    refusals = []
    for recipient in recipients:
        code, words = _spare(server, until).rcpt(recipient)
        if code == 421:
            raise _Refused(code, words)
        if code not in (250, 251):
            refusals.append(Refusal(recipient, code, " ".join(words.decode("utf-8", "replace").split())[:120]))
    if len(refusals) == len(recipients):
        # One "later" among them: the whole letter may be tried again, nobody has it yet.
        raise _Refused(min(one.code for one in refusals), f"all recipients: {missed(refusals)}")
    code, words = _spare(server, until).docmd("DATA")
    if code != 354:
        raise _Refused(code, words)
    return refusals


def _spare(server: smtplib.SMTP, until: float) -> smtplib.SMTP:
    """The line, with no more patience than is left. Raises TimeoutError when none is."""
    left = until - time.monotonic()
    if left <= 0 or server.sock is None:
        raise TimeoutError("the server is too slow, or the list too long for it")
    server.sock.settimeout(min(TIMEOUT, left))
    return server


def _hand_over(server: smtplib.SMTP, content: bytes, refusals: list[Refusal], address: Address) -> Outcome:
    """The letter itself. From its first byte on only an answer tells what became of it."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    try:
        if server.sock is not None:
            server.sock.settimeout(TIMEOUT + len(stuffed) / A_SECOND)
        server.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        if server.sock is not None:
            server.sock.settimeout(TIMEOUT)
        code, words = server.getreply()
    except TROUBLE as error:
        return Unknown(_blank(f"The letter left, and no answer came: {_said(error)}", address))
    finally:
        server.close()
    said = _blank(
        f"The mail server answered {code} {' '.join(words.decode('utf-8', 'replace').split())}"[:300], address
    )
    if 200 <= code < 300:
        lost = missed(refusals)
        return Sent(detail=f"{said}. Not taken for: {lost}" if lost else said, missed=lost)
    return _no(code, said)


def _no(code: int, said: str) -> Outcome:
    """5xx is for good, everything else before an acceptance is a "later"."""
    return RefusedForGood(said) if 500 <= code < 600 else NotPosted(said)


def _place(address: Address) -> tuple[str, int]:
    host, _colon, port = address.url.strip().rpartition(":")
    return host, int(port) if port.isdigit() else 0


def _recipients(address: Address) -> list[str]:
    return [str(one) for one in address.options.get("recipients") or []]


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"{error.smtp_code} {' '.join(words.split())}"
    return f"{type(error).__name__} {error}".strip()


def _blank(words: str, address: Address) -> str:
    secret = address.secret.decode("utf-8", "replace")
    return words.replace(secret, "…") if secret else words
