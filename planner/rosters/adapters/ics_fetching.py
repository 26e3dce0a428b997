"""Fetch a calendar from an address that a person typed in: bounded in time, size, redirects; never in our own net.

The address is resolved here, every one of its answers is looked at, and the connection goes to the answer that was
looked at: a name that is public when asked and private when connected to opens nothing.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import certifi
import httpcore
import httpx

from planner.rosters.adapters.ics_lines import LARGEST as LARGEST_FILE

TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=5)
LONGEST_SECONDS = 30.0  # for everything: a server that drips cannot hold a hand
LARGEST = min(10 * 2**20, LARGEST_FILE)
MOST_REDIRECTS = 3


class NotFetched(ValueError):
    """The calendar did not come; the text says why, to the person who can mend it, without the secret address."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `content` is None when the server says that nothing changed."""

    content: bytes | None
    etag: str
    last_modified: str


class _Guarded(httpcore.NetworkBackend):
    """Connects to public addresses only, and to the very address that was looked at."""

    def __init__(self, *, may_be_private: bool) -> None:
        self._plain = httpcore.SyncBackend()
        self._may_be_private = may_be_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The connection. Raises NotFetched for an address inside, ConnectError for one that does not answer."""
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as unknown:
            raise httpcore.ConnectError(f"the name {host} is not known") from unknown
        places = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if not self._may_be_private and not all(map(is_public, places)):
            raise NotFetched(f"{host} is an address inside our own net: only public addresses are asked.")
        fault: Exception = httpcore.ConnectError("no address")
        for place in places[:3]:
            try:
                return self._plain.connect_tcp(place, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                fault = failed
        raise fault

    def connect_unix_socket(self, *_args: object, **_options: object) -> httpcore.NetworkStream:
        raise NotFetched("A calendar does not come from a socket file.")


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


def plain(url: str) -> str:
    """The address as it is asked: “webcal” is http(s) by another name. Raises NotFetched for anything but http(s)."""
    for name, meant in (("webcal://", "https://"), ("webcals://", "https://")):
        if url.lower().startswith(name):
            url = meant + url[len(name) :]
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise NotFetched("The address must be a full URL, such as https://calendar.example.org/desk.ics.")
    if parts.username or parts.password:
        raise NotFetched("The address must not contain a password: use the calendar's own secret address.")
    return url


def fetch(url: str, *, etag: str = "", last_modified: str = "", may_be_private: bool = False) -> Fetched:
    """The calendar at an address, or the word that it has not changed since. Raises NotFetched, nothing else."""
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in known.items() if value}
    headers |= {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "planner-calendar/1"}
    until = time.monotonic() + LONGEST_SECONDS
    url = plain(url)
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, transport=_transport(may_be_private)) as client:
            for _hop in range(MOST_REDIRECTS + 1):
                with client.stream("GET", url, headers=headers) as response:
                    if not response.has_redirect_location:
                        return _read(response, until)
                    url = _next(response)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
        raise NotFetched(f"The server does not answer: {type(fault).__name__} {fault}".strip()) from fault
    raise NotFetched(f"The address leads on and on: more than {MOST_REDIRECTS} redirects.")


def _transport(may_be_private: bool) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport()
    transport._pool = httpcore.ConnectionPool(  # httpx offers no door for a network backend
        ssl_context=_authorities(), network_backend=_Guarded(may_be_private=may_be_private), max_keepalive_connections=0
    )
    return transport


def _next(response: httpx.Response) -> str:
    there = response.url.join(response.headers["Location"])
    if response.url.scheme == "https" and there.scheme != "https":
        raise NotFetched("The address leads from https to http: an answer on the way could be anybody's.")
    return plain(str(there))


def _read(response: httpx.Response, until: float) -> Fetched:
    told = response.headers.get("ETag", "")[:500], response.headers.get("Last-Modified", "")[:100]
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return Fetched(None, *told)
    if response.status_code != httpx.codes.OK:
        raise NotFetched(f"The server answers {response.status_code} {response.reason_phrase}: is the address right?")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotFetched("The server packs its answer though it was asked not to.")
    content = bytearray()
    for chunk in response.iter_raw(2**16):
        content += chunk
        if len(content) > LARGEST:
            raise NotFetched(f"The calendar is larger than {LARGEST // 2**20} MB: share a shorter stretch of time.")
        if time.monotonic() > until:
            raise NotFetched(f"The server took longer than {LONGEST_SECONDS:.0f} s.")
    return Fetched(bytes(content), *told)


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
