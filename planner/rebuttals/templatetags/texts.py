"""What the pages of texts say of one: its language, its direction, its kind of channel, how it will look."""

from collections.abc import Sequence

from django import template

from planner.rebuttals.core import languages
from planner.rebuttals.core.limits import Unit, rules
from planner.rebuttals.core.preview import Look, Place, looks
from planner.rebuttals.core.threads import THREADING, numbered
from planner.rebuttals.languages import name_of
from planner.rebuttals.words import KIND_WORDS, UNIT_WORDS

register = template.Library()


@register.filter
def language_name(tag: str) -> str:
    """What the language calls itself."""
    return name_of(tag)


@register.filter
def direction(tag: str) -> str:
    """rtl, ltr or auto: for the attribute dir of words in this language."""
    return languages.direction(tag)


@register.filter
def kind_words(kind: str) -> object:
    """A kind of channel in words."""
    return KIND_WORDS.get(kind, kind)


@register.filter
def unit_words(unit: Unit) -> object:
    """What a platform counts, in words."""
    return UNIT_WORDS[unit]


@register.simple_tag
def looks_at(text: str | None, kind: str, places: Sequence[Place], with_pictures: object = None) -> list[Look]:
    """The text at these places, with pictures beside it or not; where none is registered, at a place of its kind."""
    return looks(text or "", places or [Place(kind)], with_pictures=bool(with_pictures))


@register.filter
def threads(kind: str) -> bool:
    """Whether a post can answer the one before on such channels."""
    return kind in THREADING


@register.filter
def thread_of(text: str) -> list[str]:
    """The posts that a divided text becomes where there are threads; nothing for a text of one part."""
    posts = numbered(text)
    return posts if len(posts) > 1 else []


@register.simple_tag
def counting_rules() -> dict[str, object]:
    """By what the editor's page counts."""
    return rules()
