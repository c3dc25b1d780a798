"""First contacts as pages and the API read them: each branch's rate, in an order that is fair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from csm.kit.periods import Period
from csm.kit.statistics import shrink_proportions, wilson_interval
from organisation.access import Place, places, visible
from organisation.models import Branch, Person
from staff.models import AuditedContact, ContactDraw, MysteryCall
from staff.models.first_contact import ITEMS, label_of

SEE = "audit.see"
# Every question that could be judged was answered with yes.
ALL_KEPT = ~Q(pk__in=())
for _name in ITEMS:
    ALL_KEPT &= ~Q(**{_name: False})


@dataclass(frozen=True)
class Rate:
    """So many of `n` kept all; shares in 0…1, `None` where nothing was counted."""

    kept: int
    n: int

    @property
    def share(self) -> float | None:
        return self.kept / self.n if self.n else None

    @property
    def low(self) -> float | None:
        return wilson_interval(self.kept, self.n)[0]

    @property
    def high(self) -> float | None:
        return wilson_interval(self.kept, self.n)[1]


@dataclass(frozen=True)
class Line:
    """A branch: its contacts with each question, its mystery calls, its fair rank (F-13)."""

    place: Place
    contacts: Rate
    items: list[tuple[Any, Rate]]
    calls: Rate
    rank: int | None


def standing(person: Person, period: Period) -> list[Line]:
    """The branches that the person sees and that were audited in the period, best first.

    The order is that of the expected ranks of the drawn contacts alone: mystery calls are chosen,
    not drawn. Branches that chance alone tells apart share a rank.
    """
    days = {"taken_in_on__range": (period.first_on, period.last_on)}
    drawn = _counts(visible(AuditedContact, person).filter(**days))
    days = {"called_on__range": (period.first_on, period.last_on)}
    called = _counts(visible(MysteryCall, person).filter(**days))
    seen = [row for row in places(person, SEE) if row.pk in drawn or row.pk in called]
    rates = [_rate(drawn.get(row.pk)) for row in seen]
    fair = [row.expected_rank for row in shrink_proportions([(r.kept, r.n) for r in rates])]
    lines = [
        Line(row, rate, _items(drawn.get(row.pk)), _rate(called.get(row.pk)), _rank(own, fair))
        for row, rate, own in zip(seen, rates, fair, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.rank or len(lines) + 1, line.place.path))


def _counts(rows: QuerySet[Any]) -> dict[int, dict[str, int]]:
    figures = {"n": Count("pk"), "kept": Count("pk", filter=ALL_KEPT)}
    for name in ITEMS:
        figures[f"{name}_n"] = Count("pk", filter=Q(**{f"{name}__isnull": False}))
        figures[f"{name}_kept"] = Count("pk", filter=Q(**{name: True}))
    found = rows.order_by().values("branch").annotate(**figures)
    return {row["branch"]: row for row in found}


def _rate(counts: dict[str, int] | None, name: str = "") -> Rate:
    if counts is None:
        return Rate(0, 0)
    return Rate(counts[f"{name}kept"], counts[f"{name}n"])


def _items(counts: dict[str, int] | None) -> list[tuple[Any, Rate]]:
    """Each question with its rate, but for those that were never judged."""
    rates = [(label_of(name), _rate(counts, f"{name}_")) for name in ITEMS]
    return [(label, rate) for label, rate in rates if rate.n]


def _rank(own: float | None, of: Sequence[float | None]) -> int | None:
    """One more than the number of those that are expected to be better."""
    if own is None:
        return None
    return 1 + sum(1 for other in of if other is not None and other < own - 1e-9)


def contacts(person: Person, period: Period, below: str = "") -> QuerySet[AuditedContact]:
    """The drawn contacts of a period that the person sees, with what each was read from."""
    rows = visible(AuditedContact, person).filter(
        taken_in_on__range=(period.first_on, period.last_on), branch__path__startswith=below
    )
    return rows.select_related(
        *("draw", "complaint", "branch", "person", "logged", "hand_over__to_branch"),
        *("missed", "followed", "result"),
    )


def calls(person: Person, period: Period, below: str = "") -> QuerySet[MysteryCall]:
    rows = visible(MysteryCall, person).filter(
        called_on__range=(period.first_on, period.last_on), branch__path__startswith=below
    )
    return rows.select_related("branch", "by")


@dataclass(frozen=True)
class Answer:
    """One of the four with what it was read from: a code, a moment, and words of the record."""

    name: str
    label: Any
    value: bool | None
    source: Promise | str
    at: datetime | None = None
    words: str = ""


def answers(row: AuditedContact) -> list[Answer]:
    """The four questions of a contact; each names its record."""
    sources = (_entry(row), _keeping(row), _following(row), _result(row))
    return [
        Answer(name.removeprefix("is_"), label_of(name), getattr(row, name), *source)
        for name, source in zip(ITEMS, sources, strict=True)
    ]


def _entry(row: AuditedContact) -> tuple[Any, ...]:
    return _("entered into the system"), row.logged.at


def _keeping(row: AuditedContact) -> tuple[Any, ...]:
    if row.missed is not None:
        return _("missed before somebody took it on"), row.missed.due_at, _kind(row.missed)
    if row.hand_over is not None:
        return _("taken on"), row.hand_over.accepted_at, row.hand_over.to_branch.label
    return _("answered without a hand-over"), row.result.met_at


def _following(row: AuditedContact) -> tuple[Any, ...]:
    if row.followed is None:
        return (_("nothing was done by the first contact until the result"),)
    return _("the first contact did something on it"), row.followed.at


def _result(row: AuditedContact) -> tuple[Any, ...]:
    if row.is_answered is None:
        return (_("the promise was waived or the customer not reached"),)
    return _("promised for"), row.result.due_at


def _kind(timer: Any) -> str:
    return str(timer.get_kind_display())


def is_to_draw(branch: Branch, quarter: Period) -> bool:
    """Whether colleagues there or below took contacts in, in the quarter, and none were drawn."""
    drawn = ContactDraw.objects.filter(
        branch__in=branch.ancestor_ids, drawn_at__gte=quarter.start, drawn_at__lt=quarter.end
    )
    taken_in = Complaint.objects.filter(
        intake_branch__path__startswith=branch.path,
        received_at__gte=quarter.start,
        received_at__lt=quarter.end,
        is_history=False,
        events__kind="logged",
        events__by__isnull=False,
    )
    return not drawn.exists() and taken_in.exists()
