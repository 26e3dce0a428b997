"""Pages of narratives."""

app_name = "narratives"
urlpatterns: list = []
