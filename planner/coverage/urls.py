"""Pages of coverage."""

from django.urls import path

from planner.coverage.views import board, editor

app_name = "coverage"
urlpatterns = [
    path("", board.gaps, name="gaps"),
    path("accept/", board.accept, name="accept"),
    path("accepted/<uuid:uuid>/end/", board.end_acceptance, name="end_acceptance"),
    path("assumed/", board.assume, name="assume"),
    path("requirements/", editor.week, name="week"),
    path("requirements/undo/", editor.undo, name="undo"),
    path("requirements/new/", editor.requirement, name="new_requirement"),
    path("requirements/<uuid:uuid>/", editor.requirement, name="requirement"),
    path("requirements/<uuid:uuid>/end/", editor.end_requirement, name="end_requirement"),
]
