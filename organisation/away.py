"""Who is away, in words, for the places where people are shown and chosen."""

from datetime import date

from django.utils.translation import gettext as _

from organisation.models import Absence, Person


def absence_of(person: Person, *, today: date) -> Absence | None:
    """The person's absence if it is not over; read `absence__deputy` along with the person."""
    absence: Absence | None = getattr(person, "absence", None)
    return absence if absence and absence.until_on >= today else None


def words(person: Person, *, today: date) -> str:
    """ "away until 11-25, deputy Li" on a day of absence; nothing on the others."""
    absence = absence_of(person, today=today)
    if absence is None or not absence.covers(today):
        return ""
    return _("away until %(day)s, deputy %(deputy)s") % {
        "day": f"{absence.until_on:%m-%d}",
        "deputy": absence.deputy.name,
    }


def named(person: Person, *, today: date) -> str:
    """The name, and where the person is away, until when and who hears meanwhile."""
    away = words(person, today=today)
    if not away:
        return person.name
    return _("%(name)s (%(away)s)") % {"name": person.name, "away": away}
