"""Ask a web address whether it answers: bounded in time and redirects, nothing of the page read, never in our net."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from planner.rebuttals.core.links import LinkWord, of_status
from planner.rosters.adapters.public_net import InsideOurNet, is_public, transport

TIMEOUT = httpx.Timeout(connect=5, read=8, write=5, pool=5)
LONGEST_SECONDS = 20.0  # for all redirects together
MOST_REDIRECTS = 5
HEADERS = {"Accept": "text/html, */*", "Accept-Encoding": "identity", "User-Agent": "planner-links/1"}


@dataclass(frozen=True, slots=True)
class Found:
    """What came of asking; `status` of the last answer, None where none came."""

    word: LinkWord
    status: int | None = None


def ask(
    url: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    timeout: httpx.Timeout = TIMEOUT,
    seconds: float = LONGEST_SECONDS,
) -> Found:
    """Whether a reader who follows the link gets an answer; never raises. `allowed`: IP addresses that may be asked.

    By GET, since servers answer HEAD otherwise than a browser's question; the connection is closed after the headers.
    """
    until = time.monotonic() + seconds
    try:
        with httpx.Client(timeout=timeout, trust_env=False, transport=transport(allowed)) as client:
            for _hop in range(MOST_REDIRECTS + 1):
                if not _is_plain(url):
                    return Found(LinkWord.NO_ADDRESS)
                if time.monotonic() > until:
                    return Found(LinkWord.SILENT)
                with client.stream("GET", url, headers=HEADERS) as response:
                    if not response.has_redirect_location:
                        return Found(of_status(response.status_code), response.status_code)
                    url = str(response.url.join(response.headers["Location"]))
    except InsideOurNet:
        return Found(LinkWord.INSIDE)
    except httpx.InvalidURL:
        return Found(LinkWord.NO_ADDRESS)
    except Exception:  # no name, no connection, no HTTP; or the hand's own time was over
        return Found(LinkWord.SILENT)
    return Found(LinkWord.ENDLESS)


def _is_plain(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
