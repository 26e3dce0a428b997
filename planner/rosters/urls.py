"""Pages of rosters."""

app_name = "rosters"
urlpatterns: list = []
