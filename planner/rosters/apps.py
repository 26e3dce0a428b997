from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "planner.rosters"
    label = "rosters"
