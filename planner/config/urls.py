"""The composition of all pages. A package's pages live in its own urls.py."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("planner.desk.urls")),
    path("", include("planner.clock.urls")),
    path("claims/", include("planner.claims.urls")),
    path("narratives/", include("planner.narratives.urls")),
    path("tasks/", include("planner.tasking.urls")),
    path("rebuttals/", include("planner.rebuttals.urls")),
    path("posts/", include("planner.publishing.urls")),
    path("roster/", include("planner.rosters.urls")),
    path("tempo/", include("planner.tempo.urls")),
    path("coverage/", include("planner.coverage.urls")),
    path("plan/", include("planner.planning.urls")),
    path("latency/", include("planner.latency.urls")),
    path("journal/", include("planner.journal.urls")),
    path("people/", include("planner.people.urls")),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]
