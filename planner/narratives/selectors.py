"""Reading storylines."""

from django.db.models import QuerySet

from planner.narratives.models import Narrative


def storylines() -> QuerySet[Narrative]:
    """Every storyline by name, those that have ended last."""
    return Narrative.objects.order_by("ended_at", "name")
