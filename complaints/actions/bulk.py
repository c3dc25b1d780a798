"""One act on many complaints: every row answers for itself, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.actions.bulk_kinds import Kind
from complaints.actions.offers import COMPLAINT_VERBS
from complaints.models import BulkAct, BulkKind, BulkResult, Complaint, HandOver, Outcome
from csm.kit.errors import Forbidden, Refused
from csm.kit.transitions import locked, stale
from organisation.access import can, require, visible
from organisation.models import Person

# So many at once; a longer list takes another turn.
MOST = 1000
KEPT = timedelta(days=1)
# No number is longer; what is names nothing.
LONGEST = 24


@dataclass(frozen=True)
class Chosen:
    """Which complaints: by number, with the version that was shown (None: it was not).

    Or by `ids`, all that a list found at `shown_at`: what others changed since then is stale.
    """

    versions: Mapping[str, int | None] = field(default_factory=dict)
    ids: Sequence[int] = ()
    shown_at: datetime | None = None

    def check(self, row: Complaint, by: Person) -> None:
        """Refuse a row of `ids` that somebody else changed since it was shown."""
        changed_at = row.changed_at
        is_newer = self.shown_at and changed_at and changed_at > self.shown_at
        if is_newer and row.changed_by_id != by.pk:
            raise stale()


def offered(person: Person) -> list[BulkKind]:
    """The acts that the person may do somewhere; the rows say where."""
    return [kind for kind in BulkKind if can(person, COMPLAINT_VERBS[kind])]


def require_any(by: Person) -> None:
    """Refuse who may do none of the acts, before anything is read."""
    if not offered(by):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))


@transaction.atomic
def change(*, chosen: Chosen, kind: Kind, by: Person, now: datetime) -> BulkAct:
    """Do it to all that may be changed, and say of every row what became of it.

    The effects are those of the single act. What the person does not see is "not found".
    """
    require(by, kind.verb)
    if len(chosen.versions) + len(chosen.ids) > MOST:
        raise Refused(_("Choose at most %(count)d complaints at once.") % {"count": MOST})
    kind.check_input()
    rows = _seen(chosen, by)
    kind.look_up(rows, by)
    results = [_checked(row, chosen, kind, by, now) for row in rows]
    missing = {number[:LONGEST] for number in chosen.versions} - {row.number for row in rows}
    results += [
        BulkResult(number=number, outcome=Outcome.NOT_FOUND, reason=_("not found"))
        for number in sorted(missing)
    ]
    done = [result for result in results if result.outcome == Outcome.DONE]
    hand_overs = kind.do([result.complaint for result in done if result.complaint], by, now)
    return kept(results, hand_overs, kind=kind.name, by=by, now=now)


def _seen(chosen: Chosen, by: Person) -> list[Complaint]:
    """Those among the chosen that the person sees, as they are now, and held."""
    named = Q(number__in=list(chosen.versions)) | Q(pk__in=list(chosen.ids))
    ids = list(visible(Complaint, by).filter(named).values_list("pk", flat=True))
    related = ("branch", "intake_branch", "handler", "category")
    return locked(Complaint.objects.filter(pk__in=ids).select_related(*related))


def _checked(row: Complaint, chosen: Chosen, kind: Kind, by: Person, now: datetime) -> BulkResult:
    """What becomes of a row, as far as the row itself decides it."""
    result = BulkResult(number=row.number, status=row.status, outcome=Outcome.DONE)
    try:
        kind.check(row, by=by, now=now, version=chosen.versions.get(row.number))
        if kind.minds_changes:
            chosen.check(row, by)
    except Refused as refusal:
        result.outcome = refusal.code
        result.reason = refusal.message
        return result
    result.complaint, result.category, result.severity = row, row.category, row.severity
    return result


def kept(
    results: Sequence[BulkResult],
    hand_overs: Sequence[HandOver],
    *,
    kind: str,
    by: Person,
    now: datetime,
    undoes: BulkAct | None = None,
) -> BulkAct:
    """Write down what became of each; what the person did before yesterday is forgotten."""
    old = BulkAct.objects.filter(by=by, at__lt=now - KEPT)
    BulkResult.objects.filter(act__in=old).delete()
    old.delete()
    act = BulkAct.objects.create(kind=kind, by=by, at=now, undoes=undoes)
    of = {hand_over.complaint_id: hand_over for hand_over in hand_overs}
    for result in results:
        result.act = act
        if result.outcome == Outcome.DONE and result.complaint is not None:
            result.version = result.complaint.version
            result.hand_over = of.get(result.complaint.pk)
    BulkResult.objects.bulk_create(results)
    return act
