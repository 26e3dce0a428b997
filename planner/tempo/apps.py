from django.apps import AppConfig


class TempoConfig(AppConfig):
    name = "planner.tempo"
    label = "tempo"
