"""The one page of the demo receiver: what the outside world has been told."""

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10"><title>Demo channels: what was published</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border-block-start: 1px solid #8888; padding-block: .75rem; }}
p {{ white-space: pre-wrap; margin: .25rem 0; }} small, summary {{ opacity: .75; }} pre {{ overflow-x: auto; }}
img {{ max-width: 100%; height: auto; }}
</style></head><body>
<h1>Demo channels</h1>
<p>Simulated. Everything that the planner's demonstration publishes arrives here, newest first.</p>
{posts}
</body></html>
"""
_LONG = re.compile(r"[A-Za-z0-9+/=]{400,}")  # base64
NOTHING = "<p><em>Nothing has been published yet.</em></p>"


def page(posts: Sequence[dict[str, Any]]) -> str:
    """The list of received posts as one HTML document."""
    return FRAME.format(posts="\n".join(map(_article, posts)) or NOTHING)


def _article(post: dict[str, Any]) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in post["headers"].items())
    return (
        f'<article id="{escape(post["id"])}"><small>{escape(post["received_at"])} · {escape(post["path"])}</small>'
        f'<p dir="auto">{escape(_text(post["body"]))}</p>{_pictures(post["body"])}<details><summary>request</summary>'
        f"<pre>{escape(headers)}\n\n{escape(_LONG.sub(_cut, post['body']))}</pre></details></article>"
    )


def _text(body: str) -> str:
    """The published words, where the body has them in a field; else the body."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    words = document.get("text") if isinstance(document, dict) else None
    return words if isinstance(words, str) else body


def _pictures(body: str) -> str:
    """The pictures of a post with their alt texts, as a website would show them."""
    try:
        listed = json.loads(body)["pictures"]
        return "".join(
            f'<img src="data:{escape(one["media_type"])};base64,{escape(one["content"])}" alt="{escape(one["alt"])}">'
            f'<p dir="auto"><small>alt: {escape(one["alt"])}</small></p>'
            for one in listed
        )
    except (ValueError, KeyError, TypeError):
        return ""


def _cut(found: re.Match[str]) -> str:
    return f"{found[0][:40]}…"
