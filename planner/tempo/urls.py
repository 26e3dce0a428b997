"""Pages of the tempo."""

from django.urls import path

from planner.tempo import views

app_name = "tempo"
urlpatterns = [
    path("", views.week, name="week"),
    path("dates/new/", views.known_date, name="new_date"),
    path("dates/<uuid:uuid>/", views.known_date, name="date"),
    path("dates/<uuid:uuid>/end/", views.end_date, name="end_date"),
]
