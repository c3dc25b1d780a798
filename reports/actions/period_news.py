"""Telling what happened to a period and its disputes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from csm.kit.periods import Period
from organisation import outbox
from organisation.access import ROLE_VERBS
from organisation.models import Importance, Person, Role
from organisation.roles import holders
from organisation.texts import named
from reports import closing
from reports.models import Dispute
from reports.standings import Standing

DISPUTE, DECIDE = "period.dispute", "period.decide"
# Nobody is told of history that is frozen afterwards.
NEWS_FOR = timedelta(days=62)
PAGE = "/rankings/disputes/"


def deciding() -> QuerySet[Person]:
    """Those who may decide disputes, for the whole company."""
    return _with(DECIDE, postings__branch__parent=None)


def _with(verb: str, **where: object) -> QuerySet[Person]:
    roles = [role for role, verbs in ROLE_VERBS.items() if verb in verbs]
    return Person.objects.filter(is_active=True, postings__role__in=roles, **where).distinct()


def tell_raised(dispute: Dispute, *, to: Iterable[Person], by: Person, now: datetime) -> None:
    _tell(dispute, "dispute_raised", to=to, by=by, now=now)


def tell_decided(dispute: Dispute, *, by: Person, now: datetime) -> None:
    """Who raised it and the manager of the branch; on a grant also the branch that bears it now."""
    managers = holders(dispute.branch, Role.BRANCH_MANAGER)
    handed = dispute.hand_over
    others = holders(handed.to_branch, Role.BRANCH_MANAGER) if handed else []
    _tell(dispute, "dispute_decided", to=[dispute.by, *managers, *others], by=by, now=now)


def tell_withdrawn(dispute: Dispute, *, to: Iterable[Person], by: Person, now: datetime) -> None:
    _tell(dispute, "dispute_withdrawn", to=to, by=by, now=now)


def _tell(dispute: Dispute, text: str, *, to: Iterable[Person], by: Person, now: datetime) -> None:
    complaint = dispute.complaint
    outbox.put(
        key=f"dispute:{dispute.pk}:{text}",
        to=to,
        text=text,
        context={
            "period": dispute.period,
            "number": complaint.number,
            "subject": complaint.subject,
            "branch": named(dispute.branch),
            "about": dispute.about,
            "by": by.name,
            "words": dispute.words,
            "status": dispute.status,
            "reason": dispute.decision,
        },
        importance=Importance.REMINDER,
        path=f"{PAGE}{dispute.pk}/",
        now=now,
        apart_from=by,
    )


def tell_frozen(found: Sequence[Standing], *, by: Person | None, now: datetime) -> None:
    """Who may contest figures hears that they are final; of an empty period, or of old history,
    there is nothing to hear.
    """
    _tell_period(found, "period_frozen", "frozen", {}, by=by, now=now)


def tell_revised(
    found: Sequence[Standing], *, revision: int, reason: str, by: Person, now: datetime
) -> None:
    context = {"revision": revision, "reason": reason}
    _tell_period(found, "period_revised", f"revised:{revision}", context, by=by, now=now)


def _tell_period(
    found: Sequence[Standing],
    text: str,
    what: str,
    context: dict[str, object],
    *,
    by: Person | None,
    now: datetime,
) -> None:
    period, company = found[0].period, found[0].company
    clocks = sum(sum(counts.values()) for counts in company["timers"].values())
    if period.end + NEWS_FOR < now or not (company["complaints"] or clocks):
        return
    outbox.put(
        key=f"period:{period.key}:{what}",
        to=_with(DISPUTE),
        text=text,
        context={"period": period.key, **context},
        path=f"/rankings/?period={period.key}",
        now=now,
        apart_from=by,
    )


def remind(period: Period, *, now: datetime) -> None:
    """The time is over and disputes are open: once a day, to those who decide."""
    outbox.put(
        key=f"period:{period.key}:waits:{timezone.localdate(now)}",
        to=deciding(),
        text="disputes_waiting",
        context={"period": period.key, "n": closing.open_in(period.key).count()},
        importance=Importance.REMINDER,
        path=PAGE,
        now=now,
    )
