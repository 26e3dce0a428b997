"""A real SMTP server on a free loopback port that keeps what it was sent."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller


class SmtpServer:
    """`messages` are the mails taken so far (parsed; envelope in `X-MailFrom` and `X-RcptTo`). `port`, `host`.

    `refuse_with("451 come back later")` makes it refuse every mail from now on; `refuse_with(None)` takes them again.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self._refusal: str | None = None
        with socket.socket() as probe:
            probe.bind((self.host, 0))
            self.port: int = probe.getsockname()[1]
        self._controller = Controller(self, hostname=self.host, port=self.port)

    def start(self) -> "SmtpServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def refuse_with(self, answer: str | None) -> None:
        self._refusal = answer

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that were delivered to this address, oldest first."""
        return [message for message in self.messages if address in str(message["X-RcptTo"]).split(", ")]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self._refusal:
            return self._refusal
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default))
        message["X-MailFrom"] = envelope.mail_from
        message["X-RcptTo"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"
