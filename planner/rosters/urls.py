"""The roster: the week by person, one's own duties, and what a roster manager does to them."""

from django.urls import path

from planner.rosters.calendars import views as calendars
from planner.rosters.views import duty, shifts, turns, week

app_name = "rosters"
urlpatterns = [
    path("", week.week, name="week"),
    path("watch/", duty.watch, name="watch"),
    path("mine/", duty.mine, name="mine"),
    path("acts/<uuid:uuid>/undo/", week.undo, name="undo"),
    path("shifts/add/", week.put_on, name="add_shift"),
    path("shifts/<uuid:uuid>/", shifts.shift, name="shift"),
    path("shifts/<uuid:uuid>/move/", shifts.move, name="move_shift"),
    path("shifts/<uuid:uuid>/cancel/", shifts.cancel_one_shift, name="cancel_shift"),
    path("shifts/<uuid:uuid>/restore/", shifts.restore_one_shift, name="restore_shift"),
    path("shifts/<uuid:uuid>/end-series/", shifts.end_series, name="end_series"),
    path("shifts/<uuid:uuid>/offer/", shifts.offer, name="offer_swap"),
    path("leave/add/", week.send_away, name="add_leave"),
    path("leave/<uuid:uuid>/", shifts.leave, name="leave"),
    path("leave/<uuid:uuid>/cancel/", shifts.cancel_one_leave, name="cancel_leave"),
    path("leave/<uuid:uuid>/restore/", shifts.restore_one_leave, name="restore_leave"),
    path("overrides/add/", week.override, name="add_override"),
    path("overrides/<uuid:uuid>/", shifts.override, name="override"),
    path("overrides/<uuid:uuid>/cancel/", shifts.cancel_one_override, name="cancel_override"),
    path("swaps/<uuid:uuid>/accept/", turns.accept, name="accept_swap"),
    path("swaps/<uuid:uuid>/approve/", turns.approve, name="approve_swap"),
    path("swaps/<uuid:uuid>/end/", turns.end_offer, name="end_swap"),
    path("rotations/", turns.rotations, name="rotations"),
    path("rotations/add/", turns.begin_rotation, name="add_rotation"),
    path("rotations/<uuid:uuid>/end/", turns.end_rotation, name="end_rotation"),
    path("teams/<int:pk>/swaps/", turns.swaps_approval, name="swaps_approval"),
    path("feed/", calendars.own_feed, name="feed"),
    path("feed/end/", calendars.end_own_feed, name="end_feed"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/add/", calendars.calendar, name="add_calendar"),
    path("calendars/<uuid:uuid>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:uuid>/ask/", calendars.ask_calendar, name="ask_calendar"),
    path("calendars/<uuid:uuid>/end/", calendars.end_calendar, name="end_calendar"),
]
