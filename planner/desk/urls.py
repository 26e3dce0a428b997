"""The board, the door to it, and each person's own calendar."""

from django.urls import path

from planner.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.board, name="board"),
    path("readiness/", views.readiness, name="readiness"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("roster/feed/<str:secret>.ics", views.calendar_feed, name="feed"),
]
