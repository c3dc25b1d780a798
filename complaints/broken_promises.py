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
    """A branch, and how often each promise was broken there, in the order asked for."""

    branch: Branch
    cells: list[tuple[PromiseRevision, int]]

    @property
    def total(self) -> int:
        return sum(count for _promise, count in self.cells)


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
    found = Branch.objects.filter(pk__in={branch for branch, _promise in counted}).order_by("path")
    return [
        Line(branch, [(row, counted.get((branch.pk, row.promise_id), 0)) for row in promises])
        for branch in found
    ]
