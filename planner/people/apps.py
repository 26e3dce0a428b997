from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "planner.people"
    label = "people"
