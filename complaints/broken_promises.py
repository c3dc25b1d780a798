"""How often each promise was broken, by branch (P-01): of the complaints that a person sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from complaints.models import BrokenPromise, Complaint, PromiseRevision, Status
from organisation.access import visible
from organisation.models import Branch, Person


@dataclass(frozen=True)
class Line:
    """A branch, and how often each promise of the head was broken there."""

    branch: Branch
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


def by_branch(
    person: Person, promises: Sequence[PromiseRevision], *, since: datetime, until: datetime
) -> list[Line]:
    """Complaints received in that time; what was found invalid broke nothing."""
    seen = visible(Complaint, person).filter(received_at__gte=since, received_at__lt=until)
    seen = seen.exclude(status__in=(Status.INVALID, Status.MERGED))
    rows = BrokenPromise.objects.filter(complaint__in=seen.values("pk"))
    counted: dict[tuple[int, int], int] = {
        (branch, promise): n
        for branch, promise, n in rows.order_by()
        .values_list("complaint__branch", "promise")
        .annotate(n=Count("pk"))
    }
    keys = [row.promise_id for row in promises]
    found = Branch.objects.filter(pk__in={branch for branch, _promise in counted}).order_by("path")
    return [Line(branch, [counted.get((branch.pk, key), 0) for key in keys]) for branch in found]
