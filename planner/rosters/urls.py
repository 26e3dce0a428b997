"""The roster: the week by person, and what a roster manager does to it."""

from django.urls import path

from planner.rosters import views
from planner.rosters.calendars import views as calendars

app_name = "rosters"
urlpatterns = [
    path("", views.week, name="week"),
    path("shifts/add/", views.put_on, name="add_shift"),
    path("leave/add/", views.send_away, name="add_leave"),
    path("shifts/<uuid:uuid>/cancel/", views.cancel_one_shift, name="cancel_shift"),
    path("shifts/<uuid:uuid>/restore/", views.restore_one_shift, name="restore_shift"),
    path("leave/<uuid:uuid>/cancel/", views.cancel_one_leave, name="cancel_leave"),
    path("leave/<uuid:uuid>/restore/", views.restore_one_leave, name="restore_leave"),
    path("shifts/<uuid:uuid>/end-series/", views.end_series, name="end_series"),
    path("feed/", calendars.own_feed, name="feed"),
    path("feed/end/", calendars.end_own_feed, name="end_feed"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/add/", calendars.calendar, name="add_calendar"),
    path("calendars/<uuid:uuid>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:uuid>/ask/", calendars.ask_calendar, name="ask_calendar"),
    path("calendars/<uuid:uuid>/end/", calendars.end_calendar, name="end_calendar"),
]
