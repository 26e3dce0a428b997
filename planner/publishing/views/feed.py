"""Our own public feed: a page, RSS 2.0, JSON Feed and a page for each text. Anybody may read them; nobody signs in."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, conditional_page, require_safe

from planner.publishing import factchecks, selectors
from planner.publishing.core.claimreview import MEDIA_TYPE
from planner.publishing.core.feed import Item, json_feed, xml_safe
from planner.publishing.models import Channel, Post
from planner.publishing.publicpictures import public_picture, shown_of
from planner.rebuttals.showing import SUFFIXES, served

FOR_EVERYBODY = "public, max-age=86400, immutable"  # what a picture is called by is what it is
FRESH_SECONDS = 60  # for RSS and JSON; the pages may carry the name of who is signed in, and are not kept by anybody


class _Feed(Rss201rev2Feed):
    """RSS whose items point at their fact checks and show their pictures (Media RSS, with their alt texts).

    A corrected time changes a fact check, so readers ask by ETag.
    """

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["check_url"]:
            link = {"rel": "describedby", "type": MEDIA_TYPE, "href": item["check_url"]}
            handler.addQuickElement("atom:link", None, link)
        for one in item["pictures"]:
            about = {"url": one.url, "type": one.media_type, "medium": "image", "fileSize": str(one.size)}
            handler.startElement("media:content", about | {"width": str(one.width), "height": str(one.height)})
            handler.addQuickElement("media:description", xml_safe(one.alt), {"type": "plain"})
            handler.endElement("media:content")


@login_not_required
@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The latest texts, for people."""
    channel = _feed(uuid)
    return render(request, "publishing/feed.html", {"channel": channel, "items": _items(channel)})


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@conditional_page
def rss(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """RSS 2.0."""
    channel = _feed(uuid)
    feed = _Feed(
        title=channel.attribution,
        link=channel.address + "/",
        description=_("Official statements of %(who)s") % {"who": channel.attribution},
        feed_url=f"{channel.address}/feed.xml",
    )
    for item in _items(channel):
        feed.add_item(
            title=xml_safe(item.title),
            link=item.url,
            description=xml_safe(item.text),
            pubdate=item.at,
            unique_id=item.key.urn,
            unique_id_is_permalink=False,
            check_url=f"{item.url}claimreview.json" if item.check else "",
            pictures=item.pictures,
            enclosures=[Enclosure(one.url, str(one.size), one.media_type) for one in item.pictures[:1]],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@conditional_page
def json(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """JSON Feed 1.1."""
    channel = _feed(uuid)
    address, title = f"{channel.address}/feed.json", channel.attribution
    document = json_feed(_items(channel), title=title, page=channel.address + "/", address=address)
    return JsonResponse(document, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def item(request: HttpRequest, uuid: UUID, post: UUID) -> HttpResponse:
    """One text, with what search engines read of it."""
    channel, found = _one(uuid, post)
    return render(request, "publishing/feed.html", {"channel": channel, "items": [found], "one": True})


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@conditional_page
def check(request: HttpRequest, uuid: UUID, post: UUID) -> HttpResponse:
    """The fact check of one text as JSON-LD."""
    _channel, found = _one(uuid, post)
    if found.check is None:
        raise Http404(_("This text has no rating yet."))
    return JsonResponse(found.check, content_type=MEDIA_TYPE)


@login_not_required
@require_safe
@condition(etag_func=lambda _request, sha256, suffix: f'"{sha256}"')
def picture(request: HttpRequest, sha256: str, suffix: str) -> HttpResponse:
    """A picture of words that were published; to nobody else's questions is there an answer."""
    found = public_picture(sha256)
    if found is None or suffix != SUFFIXES[found.media_type]:
        raise Http404(_("There is no such picture."))
    return served(found, kept=FOR_EVERYBODY, whose="cross-origin")


def _feed(uuid: UUID) -> Channel:
    return get_object_or_404(selectors.channels(), uuid=uuid, kind=selectors.FEED)


def _items(channel: Channel) -> list[Item]:
    posts = list(selectors.on_feed(channel)[: selectors.ON_A_FEED])
    checks = factchecks.checks_of(posts)
    return [_item(post, channel, checks.get(post.pk)) for post in posts]


def _one(uuid: UUID, post: UUID) -> tuple[Channel, Item]:
    channel = _feed(uuid)
    found = selectors.on_feed(channel).filter(uuid=post).first()
    if found is None:
        raise Http404(_("There is no such post."))
    return channel, _item(found, channel, factchecks.checks_of([found]).get(found.pk))


def _item(post: Post, channel: Channel, check: dict[str, Any] | None) -> Item:
    draft = post.approval.draft
    at = post.published_at or post.due_at
    url = f"{channel.address}/{post.uuid}/"
    shown = shown_of(draft)
    return Item(post.uuid, url, post.words, draft.language, channel.attribution, at, check, shown)
