from django.apps import AppConfig


class RebuttalsConfig(AppConfig):
    name = "planner.rebuttals"
    label = "rebuttals"
