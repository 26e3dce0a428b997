from django.apps import AppConfig


class LatencyConfig(AppConfig):
    name = "planner.latency"
    label = "latency"
