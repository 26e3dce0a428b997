"""Fetch a calendar from an address that a person typed in: bounded in time, size, redirects; never in our own net."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from planner.rosters.adapters.ics_lines import LARGEST as LARGEST_FILE
from planner.rosters.adapters.public_net import NotFetched, anywhere, is_public, transport

TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=5)
LONGEST_SECONDS = 30.0  # for everything: a server that drips cannot hold a hand
LARGEST = min(10 * 2**20, LARGEST_FILE)
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `content` is None when the server says that nothing changed."""

    content: bytes | None
    etag: str
    last_modified: str


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
        line = transport(anywhere if may_be_private else is_public)
        with httpx.Client(timeout=TIMEOUT, trust_env=False, transport=line) as client:
            for _hop in range(MOST_REDIRECTS + 1):
                with client.stream("GET", url, headers=headers) as response:
                    if not response.has_redirect_location:
                        return _read(response, until)
                    url = _next(response)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
        raise NotFetched(f"The server does not answer: {type(fault).__name__} {fault}".strip()) from fault
    raise NotFetched(f"The address leads on and on: more than {MOST_REDIRECTS} redirects.")


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
