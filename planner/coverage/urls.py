"""Pages of coverage."""

app_name = "coverage"
urlpatterns: list = []
