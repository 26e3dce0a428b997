"""Pages of tasking."""

app_name = "tasking"
urlpatterns: list = []
