"""Our own public feed: a page, RSS 2.0, JSON Feed and a page for each text. Anybody may read them; nobody signs in."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import last_modified, require_safe

from planner.publishing import selectors
from planner.publishing.core.feed import Item, json_feed
from planner.publishing.models import Channel, Post

FRESH_SECONDS = 60  # for RSS and JSON; the pages may carry the name of who is signed in, and are not kept by anybody


def _changed(request: HttpRequest, uuid: UUID) -> datetime | None:
    return selectors.feed_changed_at(uuid)


@login_not_required
@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The latest texts, for people."""
    channel = _feed(uuid)
    return render(request, "publishing/feed.html", {"channel": channel, "items": _items(channel)})


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@last_modified(_changed)
def rss(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """RSS 2.0."""
    channel = _feed(uuid)
    feed = Rss201rev2Feed(
        title=channel.attribution,
        link=channel.address + "/",
        description=_("Official statements of %(who)s") % {"who": channel.attribution},
        feed_url=f"{channel.address}/feed.xml",
    )
    for item in _items(channel):
        feed.add_item(
            title=item.title,
            link=item.url,
            description=item.text,
            pubdate=item.at,
            unique_id=item.key.urn,
            unique_id_is_permalink=False,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@last_modified(_changed)
def json(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """JSON Feed 1.1."""
    channel = _feed(uuid)
    address, title = f"{channel.address}/feed.json", channel.attribution
    document = json_feed(_items(channel), title=title, page=channel.address + "/", address=address)
    return JsonResponse(document, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def item(request: HttpRequest, uuid: UUID, post: UUID) -> HttpResponse:
    """One text."""
    channel = _feed(uuid)
    found = selectors.on_feed(channel).filter(uuid=post).first()
    if found is None:
        raise Http404(_("There is no such post."))
    return render(request, "publishing/feed.html", {"channel": channel, "items": [_item(found, channel)], "one": True})


def _feed(uuid: UUID) -> Channel:
    return get_object_or_404(selectors.channels(), uuid=uuid, kind=selectors.FEED)


def _items(channel: Channel) -> list[Item]:
    return [_item(post, channel) for post in selectors.on_feed(channel)[: selectors.ON_A_FEED]]


def _item(post: Post, channel: Channel) -> Item:
    draft = post.approval.draft
    at = post.published_at or post.due_at
    return Item(post.uuid, f"{channel.address}/{post.uuid}/", draft.text, draft.language, channel.attribution, at)
