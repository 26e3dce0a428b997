"""Pictures of published words, for everybody: where each is found, and whether it is public at all."""

from django.conf import settings
from django.urls import reverse

from planner.publishing.core.feed import Shown
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.rebuttals.models import Draft, Picture
from planner.rebuttals.showing import SUFFIXES, Seen, seen


def shown_of(draft: Draft) -> tuple[Shown, ...]:
    """The pictures of a published version with their public addresses; no question to the database when it has none."""
    return tuple(_shown(one) for one in (seen(draft.shown) if draft.pictures else []))


def public_picture(sha256: str) -> Picture | None:
    """The picture, when words that show it were published; None otherwise."""
    shown = {"approval__draft__pictures__contains": [{"sha256": sha256}]}
    if not Post.objects.filter(state=PostState.PUBLISHED.value, **shown).exists():
        return None
    return Picture.objects.filter(pk=sha256).first()


def _shown(one: Seen) -> Shown:
    name = (one.sha256, SUFFIXES[one.media_type])
    url = settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("publishing:public_picture", args=name)
    return Shown(*name, url, one.alt, one.media_type, one.width, one.height, one.size)
