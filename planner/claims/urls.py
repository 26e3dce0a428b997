"""Pages of claims."""

from django.urls import path

from planner.claims.views import acts, inbox, pages

app_name = "claims"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("floods/", inbox.floods, name="floods"),
    path("sightings/", inbox.sightings, name="sightings"),
    path("new/", pages.new, name="new"),
    path("<uuid:uuid>/", pages.detail, name="detail"),
    path("<uuid:uuid>/decide/", acts.decide, name="decide"),
    path("<uuid:uuid>/correct/", acts.correct, name="correct"),
    path("<uuid:uuid>/merge/", acts.merge, name="merge"),
    path("<uuid:uuid>/retract/", acts.retract, name="retract"),
    path("<uuid:uuid>/pickup/", acts.pickup, name="pickup"),
]
