"""What acts on many complaints are called, and what became of them in a sentence."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from complaints.actions import bulk
from complaints.models import BulkAct, BulkKind, BulkResult, Outcome
from organisation.models import Person

LABELS: dict[BulkKind, Promise] = {
    BulkKind.TRIAGE: gettext_lazy("Judge valid"),
    BulkKind.ASSIGN: gettext_lazy("Assign"),
    BulkKind.TRANSFER: gettext_lazy("Transfer"),
    BulkKind.URGE: gettext_lazy("Urge"),
    BulkKind.NOTE: gettext_lazy("Add note"),
}
TITLES = {
    BulkKind.TRIAGE: ngettext_lazy(
        "Judge %(count)d complaint valid", "Judge %(count)d complaints valid", "count"
    ),
    BulkKind.ASSIGN: ngettext_lazy(
        "Name the handler of %(count)d complaint",
        "Name the handler of %(count)d complaints",
        "count",
    ),
    BulkKind.TRANSFER: ngettext_lazy(
        "Transfer %(count)d complaint", "Transfer %(count)d complaints", "count"
    ),
    BulkKind.URGE: ngettext_lazy("Urge %(count)d complaint", "Urge %(count)d complaints", "count"),
    BulkKind.NOTE: ngettext_lazy(
        "Add a note to %(count)d complaint", "Add a note to %(count)d complaints", "count"
    ),
}
DONE = {
    BulkKind.TRIAGE: ngettext_lazy("%(count)d judged valid", "%(count)d judged valid", "count"),
    BulkKind.ASSIGN: ngettext_lazy("%(count)d assigned", "%(count)d assigned", "count"),
    BulkKind.TRANSFER: ngettext_lazy("%(count)d transferred", "%(count)d transferred", "count"),
    BulkKind.URGE: ngettext_lazy("%(count)d urged", "%(count)d urged", "count"),
    BulkKind.NOTE: ngettext_lazy("%(count)d noted", "%(count)d noted", "count"),
}


@dataclass(frozen=True)
class Offered:
    name: str
    label: Promise


def offered(person: Person) -> list[Offered]:
    """The acts that the person may do somewhere; the rows say where."""
    mine = bulk.offered(person)
    return [Offered(name, label) for name, label in LABELS.items() if name in mine]


def title(kind: str, count: int) -> str:
    return str(TITLES[BulkKind(kind)] % {"count": count})


def sentence(act: BulkAct, results: Iterable[BulkResult]) -> str:
    """As "11 transferred, 1 unchanged (Closed)"."""
    found = list(results)
    done = sum(result.outcome == Outcome.DONE for result in found)
    reasons = Counter(_reason(result) for result in found if result.outcome != Outcome.DONE)
    parts = [_done(act, done)] if done or not reasons else []
    parts += [
        ngettext("%(count)d unchanged (%(reason)s)", "%(count)d unchanged (%(reason)s)", count)
        % {"count": count, "reason": reason}
        for reason, count in reasons.most_common()
    ]
    return pgettext("between clauses", ", ").join(parts)


def _done(act: BulkAct, count: int) -> str:
    if act.undoes_id:
        return ngettext("%(count)d undone", "%(count)d undone", count) % {"count": count}
    return str(DONE[BulkKind(act.kind)] % {"count": count})


def _reason(result: BulkResult) -> str:
    """In a word or two: the state that was in the way, or what happened meanwhile."""
    if result.outcome == Outcome.NOT_OPEN:
        return result.get_status_display()
    if result.outcome == Outcome.REFUSED:
        return re.split("[.。]", result.reason)[0]
    return result.get_outcome_display()
