"""The register of channels for pages upstream of it: where a text may stand, and what became of it there."""

from django import template

from planner.publishing import selectors
from planner.publishing.models import Post
from planner.rebuttals.core.languages import speaks
from planner.rebuttals.core.preview import Place
from planner.rebuttals.models import Approval

register = template.Library()


@register.simple_tag
def places(kind: str, language: str) -> list[Place]:
    """The channels on which a text for this kind ("": every one) and in this language may stand, by name."""
    return [
        Place(one.kind, one.name, one.attribution, one.limit, one.url_cost)
        for one in selectors.channels()
        if kind in ("", one.kind) and speaks(one.languages, language)
    ]


@register.simple_tag
def posts_of(approval: Approval | None) -> list[Post]:
    """Where these approved words are on their way or stand, by due time."""
    return list(approval.posts.select_related("channel").order_by("due_at")) if approval else []
