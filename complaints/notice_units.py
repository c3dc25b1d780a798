"""What of a notice is whose to know: opinions and copies, all for who issues, else one's own."""

from django.db.models import QuerySet

from complaints.models import Notice, NoticeCopy, Opinion
from organisation.access import can, units
from organisation.models import Person


def is_insider(notice: Notice, person: Person) -> bool:
    """Of the issuing unit, or above it."""
    return can(person, "notice.see", notice)


def known_opinions(notice: Notice, person: Person) -> QuerySet[Opinion]:
    rows = notice.opinions.select_related("branch", "given_by")
    if is_insider(notice, person):
        return rows
    return rows.filter(branch__in=units(person, "notice.see"))


def known_copies(notice: Notice, person: Person) -> QuerySet[NoticeCopy]:
    """Who has still to acknowledge it comes last."""
    rows = notice.copies.select_related("branch", "acknowledged_by", "reading__by")
    if not is_insider(notice, person):
        rows = rows.filter(branch__in=units(person, "notice.see"))
    return rows.order_by("acknowledged_at", "branch__path")
