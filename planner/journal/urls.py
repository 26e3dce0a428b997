"""The journal's pages."""

from django.urls import path

from planner.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.entries, name="list"),
    path("export.csv", views.export, name="export"),
]
