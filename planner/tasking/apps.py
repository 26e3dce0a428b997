from django.apps import AppConfig


class TaskingConfig(AppConfig):
    name = "planner.tasking"
    label = "tasking"
