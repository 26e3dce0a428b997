"""Pages of narratives."""

from django.urls import path

from planner.narratives import views

app_name = "narratives"
urlpatterns = [
    path("", views.storylines, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.edit, name="edit"),
]
