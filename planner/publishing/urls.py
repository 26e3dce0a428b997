"""Pages of publishing."""

from django.urls import path

from planner.publishing.views import answers, calendar, channels, feed, holding, late, lines, moving, post, scheduling

app_name = "publishing"
urlpatterns = [
    path("", calendar.calendar, name="calendar"),
    path("late/", late.decide, name="late"),
    path("schedule/<uuid:uuid>/", scheduling.schedule, name="schedule"),
    path("lines/<uuid:uuid>/release/", lines.release_now, name="release_now"),
    path("lines/by-link/<str:token>/", lines.release_by_link, name="release_by_link"),
    path("channels/", channels.register, name="channels"),
    path("channels/new/", channels.new, name="new_channel"),
    path("channels/hold/", holding.hold_everything, name="hold_everything"),
    path("channels/let-go/", holding.let_go_everything, name="let_go_everything"),
    path("channels/<uuid:uuid>/", channels.change, name="channel"),
    path("channels/<uuid:uuid>/hold/", channels.hold, name="hold"),
    path("channels/<uuid:uuid>/unhold/", channels.unhold, name="unhold"),
    path("channels/<uuid:uuid>/check/", channels.check, name="check"),
    path("channels/<uuid:uuid>/retire/", channels.retire, name="retire"),
    path("feeds/<uuid:uuid>/", feed.page, name="feed"),
    path("feeds/<uuid:uuid>/feed.xml", feed.rss, name="feed_rss"),
    path("feeds/<uuid:uuid>/feed.json", feed.json, name="feed_json"),
    path("feeds/<uuid:uuid>/<uuid:post>/", feed.item, name="feed_item"),
    path("feeds/<uuid:uuid>/<uuid:post>/claimreview.json", feed.check, name="feed_check"),
    path("pictures/<str:sha256>.<str:suffix>", feed.picture, name="public_picture"),
    path("answers/<uuid:uuid>/", answers.page, name="answer"),
    path("answers/<uuid:uuid>/claimreview.json", answers.document, name="answer_checks"),
    path("<uuid:uuid>/", post.detail, name="post"),
    path("<uuid:uuid>/move/", moving.move, name="move"),
    path("<uuid:uuid>/move/undo/", moving.undo, name="undo_move"),
    path("<uuid:uuid>/stop/", post.stop, name="stop"),
    path("<uuid:uuid>/settle/", post.settle, name="settle"),
]
