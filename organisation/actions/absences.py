"""Being away: a deputy hears in one's stead (`sla.md` §3)."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation import outbox
from organisation.access import require, visible
from organisation.models import Absence, Person, Posting

VERB = "absence.edit"
# Two people who name each other at the same moment would both find no circle.
LOCK = 4714


def deputies(person: Person) -> QuerySet[Person]:
    """Who may stand in: active colleagues with a login whom the person sees."""
    rows = visible(Person, person).filter(is_active=True, username__isnull=False)
    return rows.exclude(pk=person.pk)


def current(person: Person, *, today: date) -> Absence | None:
    """The absence that is announced and not over."""
    rows = Absence.objects.filter(person=person, until_on__gte=today)
    return rows.select_related("deputy").first()


@transaction.atomic
def announce(
    *,
    person: Person,
    deputy: Person,
    from_on: date,
    until_on: date,
    by: Person | None,
    now: datetime,
) -> Absence:
    """Away on these days, both included; takes the place of the absence announced before.

    Refused for days that are over, for a deputy who is none, and where the deputies of the time
    would lead back to the person.
    """
    _require_over(by, person)
    _check_days(from_on, until_on, today=_today(now))
    if not deputies(person).filter(pk=deputy.pk).exists():
        _refuse("deputy", _("Choose an active colleague of your own branches, not yourself."))
    _wait_for_others()
    if _leads_back(person, deputy, from_on, until_on):
        _refuse(
            "deputy",
            _("%(name)s is away then and leads back to you. Choose somebody else.")
            % {"name": deputy.name},
        )
    _release(person, by=by, now=now, unless=deputy)
    days = {"name": person.name, "from_on": str(from_on), "until_on": str(until_on)}
    key = f"absence:{person.pk}:{now.isoformat()}"
    # Before the row, so that the deputy does not hear this one in the person's stead.
    outbox.put(
        key=f"{key}:noted",
        to=[person],
        text="absence_noted",
        context=days | {"deputy": deputy.name},
        path="/settings/me/",
        apart_from=by,
        now=now,
    )
    absence, _is_new = Absence.objects.update_or_create(
        person=person, defaults={"deputy": deputy, "from_on": from_on, "until_on": until_on}
    )
    outbox.put(
        key=f"{key}:deputy",
        to=[deputy],
        text="deputy_named",
        context=days,
        apart_from=by,
        now=now,
    )
    return absence


@transaction.atomic
def end(*, person: Person, by: Person | None, now: datetime) -> None:
    """Back at work: messages come as before. Without an absence, nothing happens."""
    _require_over(by, person)
    _wait_for_others()
    _release(person, by=by, now=now)
    Absence.objects.filter(person=person).delete()


def _require_over(by: Person | None, person: Person) -> None:
    """For oneself, or with the right over every branch where the person is posted."""
    if by == person:
        return
    require(by, VERB)
    for posting in Posting.objects.filter(person=person).select_related("branch"):
        require(by, VERB, posting.branch)


def _release(
    person: Person, *, by: Person | None, now: datetime, unless: Person | None = None
) -> None:
    """Tell the deputy of an absence that is not over that somebody else hears from now on."""
    known = Absence.objects.filter(person=person, until_on__gte=_today(now))
    absence = known.select_related("deputy").first()
    if absence and absence.deputy != unless:
        outbox.put(
            key=f"absence:{person.pk}:{now.isoformat()}:released",
            to=[absence.deputy],
            text="deputy_released",
            context={"name": person.name},
            apart_from=by,
            now=now,
        )


def _check_days(from_on: date, until_on: date, *, today: date) -> None:
    if until_on < from_on:
        _refuse("until_on", _("The last day lies before the first."))
    if until_on < today:
        _refuse("until_on", _("These days are over."))


def _leads_back(person: Person, deputy: Person, from_on: date, until_on: date) -> bool:
    """Whether the deputies of those away within these days lead from `deputy` to the person."""
    away = Absence.objects.filter(from_on__lte=until_on, until_on__gte=from_on)
    stand_in = dict(away.exclude(person=person).values_list("person", "deputy"))
    place: int | None = deputy.pk
    while place is not None and place != person.pk:
        place = stand_in.pop(place, None)
    return place is not None


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _today(now: datetime) -> date:
    return timezone.localdate(now, timezone.get_default_timezone())


def _refuse(field: str, words: str) -> None:
    raise Refused(words, fields={field: words})
