"""Pages of latency."""

from django.urls import path

from planner.latency import views

app_name = "latency"
urlpatterns = [
    path("", views.report, name="report"),
    path("export.csv", views.export, name="export"),
]
