"""Pages of coverage."""

from django.urls import path

from planner.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.gaps, name="gaps"),
    path("accept/", views.accept, name="accept"),
    path("accepted/<uuid:uuid>/end/", views.end_acceptance, name="end_acceptance"),
    path("requirements/new/", views.requirement, name="new_requirement"),
    path("requirements/<uuid:uuid>/", views.requirement, name="requirement"),
    path("requirements/<uuid:uuid>/end/", views.end_requirement, name="end_requirement"),
]
