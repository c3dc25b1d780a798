"""What every act on a complaint checks first."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from complaints.models import Complaint, Timer
from csm.kit.errors import NotOpen, Refused

EARLIEST, LATEST = 2000, 2100


def check_open(complaint: Complaint, action: str) -> None:
    """Refuse an act that the present state does not allow, naming those that it does."""
    if action in complaint.open_actions:
        return
    if action == "apologise" and complaint.apologised_at and not complaint.is_ended:
        text = _("The apology is recorded already.")
    else:
        text = _("This is not open while the complaint is “%(status)s”.") % {
            "status": complaint.get_status_display()
        }
    raise NotOpen(text, allowed=complaint.open_actions)


def check_year(moment: datetime, *, field: str) -> None:
    """Refuse a year that nobody means: some of them no calendar and no page can count with."""
    if not EARLIEST <= moment.year <= LATEST:
        text = implausible_year()
        raise Refused(text, fields={field: text})


def check_year_of_day(day: date, *, field: str) -> None:
    """The same of a day."""
    if not EARLIEST <= day.year <= LATEST:
        text = implausible_year()
        raise Refused(text, fields={field: text})


def implausible_year() -> str:
    """What is said of a year that nobody means."""
    return _("Enter a time between the years %(earliest)d and %(latest)d.") % {
        "earliest": EARLIEST,
        "latest": LATEST,
    }


def check_moment(
    complaint: Complaint, at: datetime, now: datetime, *, kind: str | None = None
) -> None:
    """Refuse a moment in the future or before the complaint was received.

    With a timer's `kind`, also one before its clock of the present cycle began to run.
    """
    check_year(at, field="at")
    if at > now:
        raise Refused(
            _("This cannot have happened in the future."),
            fields={"at": _("Enter a time that has passed.")},
        )
    if at < complaint.received_at:
        raise Refused(
            _("This cannot have happened before the complaint was received."),
            fields={"at": _("Enter a time after the receipt.")},
        )
    clock = Timer.objects.filter(complaint=complaint, kind=kind, cycle=complaint.cycle)
    if kind and clock.filter(started_at__gt=at).exists():
        raise Refused(
            _("This cannot have happened before the complaint was opened again."),
            fields={"at": _("Enter a time after the reopening.")},
        )
