"""Pages of rebuttals."""

from django.urls import path

from planner.rebuttals.views import editing, lines, pictures, review, signing, together

app_name = "rebuttals"
urlpatterns = [
    path("", editing.queue, name="list"),
    path("claim/<uuid:uuid>/", editing.edit, name="edit"),
    path("line/<uuid:uuid>/", editing.edit_line, name="edit_line"),
    path("review/<uuid:uuid>/", review.review, name="review"),
    path("look/<uuid:uuid>/", together.look, name="look"),
    path("answer/<str:token>/", together.answer, name="answer"),
    path("pictures/<uuid:uuid>/", pictures.pictures, name="pictures"),
    path("picture/<str:sha256>/", pictures.picture, name="picture"),
    path("advice/<uuid:uuid>/", editing.waive, name="waive"),
    path("places/", editing.places, name="places"),
    path("lines/", lines.lines, name="lines"),
    path("lines/sign/<uuid:uuid>/", signing.sign, name="sign"),
    path("lines/<uuid:uuid>/release/", lines.release, name="release"),
    path("lines/<uuid:uuid>/end/", lines.end, name="end_line"),
]
