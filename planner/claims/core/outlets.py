"""Which of a source's addresses may be shown to the public: an outlet's own pages, never a person's account.

A source counts as an outlet when a person says so, or as media; but a message filed under an outlet may still be a
reader's post on a platform. So an address is an outlet's own when it lies under the site on the outlet's entry, and
without such an entry when it lies on none of the platforms where everybody has a page.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, unquote, urlsplit

PLATFORMS = (
    "x.com", "twitter.com", "t.co", "facebook.com", "fb.com", "fb.watch", "instagram.com", "threads.net",
    "threads.com", "tiktok.com", "youtube.com", "youtu.be", "t.me", "telegram.me", "telegram.org",
    "telegra.ph", "whatsapp.com", "wa.me", "vk.com", "vk.ru", "ok.ru", "reddit.com", "redd.it", "bsky.app",
    "linkedin.com", "snapchat.com", "pinterest.com", "tumblr.com", "medium.com", "substack.com",
    "blogspot.com", "wordpress.com", "livejournal.com", "discord.com", "discord.gg", "weibo.com",
    "wechat.com", "qq.com", "truthsocial.com", "gab.com", "rumble.com", "odysee.com", "bitchute.com",
    "mastodon.social", "archive.org", "archive.ph", "archive.today",
)  # fmt: skip
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*")


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where an outlet carried the claim: `at` aware, `site` the outlet's own address or ""."""

    outlet: str
    url: str
    at: datetime
    site: str = ""


def is_own(url: str, site: str = "") -> bool:
    """Whether an address is one of the outlet's own pages, in public without naming any person."""
    parts = _parts(url)
    if parts is None:
        return False
    if not site:
        return not _is_platform(parts) and "/@" not in parts.path
    home = _parts(site)
    if home is None or not _lies_under(str(parts.hostname), str(home.hostname).removeprefix("www.")):
        return False
    folder = home.path.rstrip("/")
    if not folder:
        return not _is_platform(home)  # a whole platform is nobody's own site
    return parts.path == folder or parts.path.startswith(f"{folder}/")


def _is_platform(parts: SplitResult) -> bool:
    return any(_lies_under(str(parts.hostname), platform) for platform in PLATFORMS)


def _lies_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _parts(url: str) -> SplitResult | None:
    """The parts of a plain http(s) address; None for any other, with a name or password in it, or leading upwards."""
    if any(letter.isspace() or letter == "\\" or ord(letter) < 32 for letter in url):
        return None
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in {"http", "https"} and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    is_plain = is_plain and bool(_HOST.fullmatch(parts.hostname or ""))
    return parts if is_plain and ".." not in unquote(parts.path).split("/") else None
