"""A document for search engines inside a page: a data block, which no browser executes and the CSP leaves alone."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from planner.publishing.core.claimreview import MEDIA_TYPE, in_html

register = template.Library()


@register.simple_tag
def json_ld(document: dict[str, Any] | None) -> SafeString | str:
    """The <script> element that holds the document; nothing for none."""
    if document is None:
        return ""
    return format_html('<script type="{}">{}</script>', MEDIA_TYPE, mark_safe(in_html(document)))


@register.filter
def host(url: str) -> str:
    """Where a link leads, in one word."""
    return urlsplit(url).hostname or url
