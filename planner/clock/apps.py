from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "planner.clock"
    label = "clock"
