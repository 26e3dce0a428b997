"""Make a storyline known, change it, close it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from planner.narratives.models import Narrative
from planner.people.core.refusals import Refused


class NarrativeRefused(Refused):
    """A storyline cannot be kept like that; the text says why."""


@transaction.atomic
def save_narrative(
    *, name: str, summary: str = "", phrases: Iterable[str] = (), narrative: Narrative | None = None
) -> Narrative:
    """Make a storyline, or change `narrative`; phrases are stripped, empty and repeated ones left out.

    Raises NarrativeRefused: no name, or a name that another storyline has.
    """
    name = " ".join(name.split())
    if not name:
        raise NarrativeRefused(_("Give the storyline a name that the team will recognise."))
    kept = narrative or Narrative()
    if Narrative.objects.filter(name__iexact=name).exclude(pk=kept.pk).exists():
        raise NarrativeRefused(_("There is a storyline of that name already: add the phrases there."))
    kept.name, kept.summary = name, summary.strip()
    kept.phrases = list(dict.fromkeys(phrase.strip() for phrase in phrases if phrase.strip()))
    kept.save()
    return kept


def narrative_named(name: str) -> Narrative:
    """The storyline of that name (case does not matter), made when nobody has heard of it."""
    name = " ".join(name.split())
    found = Narrative.objects.filter(name__iexact=name).first()
    return found or Narrative.objects.get_or_create(name=name)[0]
