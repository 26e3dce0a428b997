"""E-mail to our own staff over SMTP, one step at a time, so that it is known how far a failed try came."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from planner.notices.core.outcomes import Attempt, Outcome

FOR_GOOD = 500  # SMTP: 5xx will not change by itself, 4xx may


def send(*, message_id: str, address: str, subject: str, body: str) -> Attempt:
    """Try once to deliver a mail through Django's mail settings. Never raises for what the other side does.

    `message_id` is the same at every try of a notice. A backend that is not SMTP (files, in development) takes the mail
    as it is.
    """
    backend = get_connection(fail_silently=False)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address], headers=headers, connection=backend)
    if not isinstance(backend, EmailBackend):
        backend.send_messages([message])
        return Attempt(Outcome.SENT)
    try:
        backend.open()
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(Outcome.NOT_SENT, f"the mail server cannot be used: {_words(error)}")
    try:
        return _converse(_server(backend), message, address)
    finally:
        _close(backend)


def _converse(server: smtplib.SMTP, message: EmailMessage, address: str) -> Attempt:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    # smtplib sends bytes as they are, and a bare line feed is refused by strict servers.
    content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    try:
        server.ehlo_or_helo_if_needed()
        for step, words in ((server.mail, sender), (server.rcpt, address)):
            code, answer = step(words)
            if code not in (250, 251):
                return _refusal(code, answer)
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(Outcome.NOT_SENT, f"the mail server went away: {_words(error)}")
    try:
        code, answer = server.data(content)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Attempt(Outcome.UNKNOWN, f"the mail server went silent while it took the mail: {_words(error)}")
    return Attempt(Outcome.SENT) if code == 250 else _refusal(code, answer)


def _server(backend: EmailBackend) -> smtplib.SMTP:
    assert backend.connection is not None  # open() has just succeeded
    return backend.connection


def _refusal(code: int, answer: bytes | str) -> Attempt:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return Attempt(Outcome.REFUSED if code >= FOR_GOOD else Outcome.NOT_SENT, f"the mail server said {code} {words}")


def _close(backend: EmailBackend) -> None:
    # The verdict is in already: how the server takes its leave does not matter, and must not take long.
    if backend.connection is not None:
        backend.connection.close()
        backend.connection = None


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
