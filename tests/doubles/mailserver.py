"""A real SMTP server of a press office: STARTTLS, a certificate of its own, AUTH required; may misbehave.

`letters` are what was taken, as (sender, recipients, parsed message). `refused[address] = "550 no such user"` refuses
a recipient, `answers["DATA"] = "451 later"` a command; `hang_after_data` and `cut_after_data` take the letter and lose
the answer; `too_slow` waits so many seconds before each recipient.
"""

import asyncio
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "press@example.org", "a password for the mail server"


class PressMailServer:
    """The server; `port` on 127.0.0.1, `authority` the file that makes its certificate believed."""

    def __init__(self, folder: Path, *, requires_tls: bool = True) -> None:
        self.letters: list[tuple[str, list[str], EmailMessage]] = []
        self.refused: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.hang_after_data = self.cut_after_data = False
        self.too_slow = 0.0
        self.authority = folder / "authority.pem"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        security: dict[str, Any] = {}
        if requires_tls:
            security = {"tls_context": _certified(folder), "require_starttls": True}
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._let_in,
            auth_required=requires_tls,
            auth_require_tls=requires_tls,
            **security,
        )

    def start(self) -> "PressMailServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def _let_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login, data.password) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await asyncio.sleep(self.too_slow)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default))
        self.letters.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        if self.cut_after_data:
            server.transport.abort()
        if self.hang_after_data:
            await asyncio.sleep(3)
        return "250 Message accepted"


def _certified(folder: Path) -> ssl.SSLContext:
    """A context with a certificate for 127.0.0.1, signed by itself; the file `authority.pem` makes it believed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = made.add_extension(here, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = made.sign(key, hashes.SHA256())
    (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(written)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "authority.pem", folder / "key.pem")
    return context
