from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "planner.coverage"
    label = "coverage"
