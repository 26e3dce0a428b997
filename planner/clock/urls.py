"""Where what watches us from outside asks."""

from django.urls import path

from planner.clock import views

app_name = "clock"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("livez", views.livez, name="livez"),
]
