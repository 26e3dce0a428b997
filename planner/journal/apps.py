from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "planner.journal"
    label = "journal"
