"""Pages of publishing."""

app_name = "publishing"
urlpatterns: list = []
