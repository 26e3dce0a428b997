"""What tests of the pages of publishing read of an answer."""

from django.http import HttpResponse


def words(response: HttpResponse) -> str:
    """The page with every run of blanks as one."""
    return " ".join(response.content.decode().split())
