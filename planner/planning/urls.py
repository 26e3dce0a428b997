"""Pages of planning."""

from django.urls import path

from planner.planning.views import replay

app_name = "planning"
urlpatterns = [
    path("replay/", replay.replay, name="replay"),
]
