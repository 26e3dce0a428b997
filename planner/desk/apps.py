from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "planner.desk"
    label = "desk"
