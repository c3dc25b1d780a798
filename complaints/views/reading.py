"""Whether somebody reads the answer, or only a program fetches it ahead."""

from django.http import HttpRequest

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")


def is_read(request: HttpRequest) -> bool:
    """Not a HEAD, and not what a browser fetches before anybody asked for it."""
    is_ahead = any("prefetch" in request.headers.get(name, "") for name in AHEAD)
    return request.method == "GET" and not is_ahead
