"""The board and the door to it."""

from django.urls import path

from planner.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.board, name="board"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
]
