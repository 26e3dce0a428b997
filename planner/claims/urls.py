"""Pages of claims."""

app_name = "claims"
urlpatterns: list = []
