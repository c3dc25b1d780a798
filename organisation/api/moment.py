"""The present moment of a call, asked of the database once."""

from datetime import datetime

from rest_framework.request import Request

from csm.kit import clock


def moment(request: Request) -> datetime:
    """The database's time, the same for the whole call."""
    known: datetime | None = getattr(request, "_moment", None)
    if known is None:
        known = clock.now()
        request._moment = known  # type: ignore[attr-defined]
    return known
