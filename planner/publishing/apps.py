from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "planner.publishing"
    label = "publishing"
