"""Pages of latency."""

app_name = "latency"
urlpatterns: list = []
