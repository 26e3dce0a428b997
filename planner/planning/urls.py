"""Pages of planning."""

from django.urls import path

from planner.planning.views import plan, replay

app_name = "planning"
urlpatterns = [
    path("", plan.plan, name="plan"),
    path("ask/", plan.ask, name="ask"),
    path("<uuid:uuid>/", plan.plan, name="shown"),
    path("<uuid:uuid>/accept/", plan.accept, name="accept"),
    path("<uuid:uuid>/undo/", plan.undo, name="undo"),
    path("replay/", replay.replay, name="replay"),
]
