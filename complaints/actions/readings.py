"""Opening a notice: the first of a branch who does has read it for the branch."""

from datetime import datetime

from complaints.models import Notice, NoticeCopy, Reading
from csm.kit.inserting import insert
from organisation.access import units
from organisation.models import Person


def read(*, notice: Notice, by: Person, now: datetime) -> None:
    """The person has it before their eyes. Most often somebody has read it already."""
    mine = NoticeCopy.objects.filter(notice=notice, branch__in=units(by, "notice.see"))
    unread = mine.filter(reading__isnull=True)
    insert([Reading(copy=copy, by=by, at=now) for copy in unread], skip_known=True)
