"""A person's own account."""

from django.urls import path

from planner.people import views

app_name = "people"
urlpatterns = [
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set_password"),
]
