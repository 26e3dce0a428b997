"""Health of the clock, for machines."""

app_name = "clock"
urlpatterns: list = []
