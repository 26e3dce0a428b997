"""Duties: one's own, on a phone first; and the links in messages."""

from django.urls import path

from planner.tasking import views

app_name = "tasking"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("open/<uuid:uuid>/", views.open_for_claim, name="open"),
    path("<uuid:uuid>/take/", views.take, name="take"),
    path("<uuid:uuid>/hand-over/", views.pass_on, name="hand_over"),
    path("wake/<uuid:uuid>/", views.wake, name="wake"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("answer/<str:token>/wake/", views.wake_by_link, name="wake_by_link"),
]
