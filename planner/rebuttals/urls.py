"""Pages of rebuttals."""

app_name = "rebuttals"
urlpatterns: list = []
