"""Ask addresses that a person typed in, and never reach into our own net by them.

The address is resolved here, every one of its answers is looked at, and the connection goes to the answer that was
looked at: a name that is public when asked and private when connected to opens nothing.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from functools import cache

import certifi
import httpcore
import httpx


class NotFetched(ValueError):
    """Nothing came; the text says why, to the person who can mend it, without the secret parts of the address."""


class InsideOurNet(NotFetched):
    """The address leads to a machine that is not on the open Internet: it was not asked."""


class _Guarded(httpcore.NetworkBackend):
    """Connects to allowed addresses only, and to the very address that was looked at."""

    def __init__(self, *, allowed: Callable[[str], bool]) -> None:
        self._plain = httpcore.SyncBackend()
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The connection. Raises InsideOurNet for an address inside, ConnectError for one that does not answer."""
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as unknown:
            raise httpcore.ConnectError(f"the name {host} is not known") from unknown
        places = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if not all(map(self._allowed, places)):
            raise InsideOurNet(f"{host} is an address inside our own net: only public addresses are asked.")
        fault: Exception = httpcore.ConnectError("no address")
        for place in places[:3]:
            try:
                return self._plain.connect_tcp(place, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                fault = failed
        raise fault

    def connect_unix_socket(self, *_args: object, **_options: object) -> httpcore.NetworkStream:
        raise NotFetched("An address does not lead to a socket file.")


def is_public(place: str) -> bool:
    """Whether an IP address is one of the open Internet, also where IPv6 wraps an IPv4 address."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not (inner.is_global and not inner.is_multicast):
            return False
    return address.is_global and not address.is_multicast


def transport(allowed: Callable[[str], bool] = is_public) -> httpx.HTTPTransport:
    """A transport for httpx that connects only to IP addresses that are `allowed`, and keeps no connection open."""
    line = httpx.HTTPTransport()
    line._pool = httpcore.ConnectionPool(  # httpx offers no door for a network backend
        ssl_context=_authorities(), network_backend=_Guarded(allowed=allowed), max_keepalive_connections=0
    )
    return line


def anywhere(_place: str) -> bool:
    """Every IP address, for an operator who says that calendars may come from inside."""
    return True


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
