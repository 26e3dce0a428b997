"""The pictures of a version, and what changed about them, wherever its words stand on a page."""

from typing import Any

from django import template

from planner.rebuttals.models import Draft
from planner.rebuttals.showing import notes_on_pictures, picture_changes, seen

register = template.Library()


@register.inclusion_tag("rebuttals/_shown.html")
def pictures_of(draft: Draft) -> dict[str, Any]:
    """Every picture with its alt text, as the public will have it; nothing where there is none."""
    return {"draft": draft, "shown_pictures": seen(draft.shown)}


@register.inclusion_tag("rebuttals/_picture_changes.html")
def changed_pictures(before: Draft | None, draft: Draft) -> dict[str, Any]:
    """What became of the pictures since `before`; nothing where nothing did."""
    return {"picture_changes": picture_changes(before, draft)}


@register.inclusion_tag("rebuttals/_picture_notes.html")
def picture_notes(draft: Draft) -> dict[str, Any]:
    """What to know about these pictures on each kind of channel; nothing where there is nothing."""
    return {"draft": draft, "notes": notes_on_pictures(draft, seen(draft.shown))}


@register.inclusion_tag("rebuttals/_pictures.html")
def pictures_in_editor(draft: Draft | None, key: str) -> dict[str, Any]:
    """The pictures below the words that are being written, and the way to change them; `key` names the text there."""
    shown = seen(draft.shown) if draft else []
    notes = notes_on_pictures(draft, shown) if draft else []
    return {"draft": draft, "key": key, "shown_pictures": shown, "notes": notes}
