from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "planner.claims"
    label = "claims"
