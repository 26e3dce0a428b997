"""What every page behind a signed link has in common: its address is a key."""

from django.http import HttpResponse


def sealed(response: HttpResponse) -> HttpResponse:
    """The address is a key: it must not travel on, and no search engine keeps it.

    Not `no-referrer`: a browser then says `Origin: null` when a button of the page is pressed, and Django refuses it.
    """
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
