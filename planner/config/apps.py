from django.apps import AppConfig

from planner.config.celery import app


class ConfigConfig(AppConfig):
    """Importing the hands' application here lets every process, web and clock too, send them tasks."""

    name = "planner.config"
    label = "config"
    hands = app
