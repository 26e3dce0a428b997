from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "planner.notices"
    label = "notices"
