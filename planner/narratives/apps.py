from django.apps import AppConfig


class NarrativesConfig(AppConfig):
    name = "planner.narratives"
    label = "narratives"
