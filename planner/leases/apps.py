from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "planner.leases"
    label = "leases"
