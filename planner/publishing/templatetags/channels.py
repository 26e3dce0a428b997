"""The register of channels for pages upstream of it: where a text may stand, and what became of it there."""

from django import template

from planner.publishing import selectors
from planner.publishing.models import Post
from planner.rebuttals.core.languages import speaks
from planner.rebuttals.core.pictures import Flaw, Misfit
from planner.rebuttals.core.preview import Place
from planner.rebuttals.models import Approval, Draft
from planner.rebuttals.showing import unfit_in_words

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
def taking_no_pictures(draft: Draft) -> list[str]:
    """The channels for these words whose entry on the register says that they take no pictures, in sentences."""
    return [
        unfit_in_words(Misfit(Flaw.NOT_TAKEN), one.name)
        for one in (selectors.channels() if draft.pictures else [])
        if draft.channel_kind in ("", one.kind) and speaks(one.languages, draft.language)
        if not selectors.place_of(one).takes_pictures
    ]


@register.simple_tag
def posts_of(approval: Approval | None) -> list[Post]:
    """Where these approved words are on their way or stand, by due time."""
    return list(approval.posts.select_related("channel").order_by("due_at")) if approval else []
