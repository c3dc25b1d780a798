"""What confirmed orders offer to branches, an order at a time, as it is answered (T-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Func, OuterRef, QuerySet, TextField

from complaints.models import Lesson, LessonStatus

# The order and the branch of a lesson as one value, to count what is distinct.
EACH = Func(F("measure__order"), F("branch"), function="ROW", output_field=TextField())


@dataclass(frozen=True)
class Offer:
    """An order at one branch. `lesson` names it; the counts are of its measures there."""

    lesson: Lesson
    offered: int
    accepted: int
    declined: int

    @property
    def count(self) -> int:
        return self.offered + self.accepted + self.declined


def firsts(rows: QuerySet[Lesson], status: str) -> QuerySet[Lesson]:
    """Of each order and branch the first of these lessons that has the status."""
    earlier = Lesson.objects.filter(
        status=status,
        branch=OuterRef("branch"),
        measure__order=OuterRef("measure__order"),
        pk__lt=OuterRef("pk"),
    )
    return rows.filter(~Exists(earlier), status=status)


def offers(rows: Sequence[Lesson]) -> list[Offer]:
    """Each lesson with the counts of all that its order offers to its branch."""
    near = Lesson.objects.filter(
        measure__order__in={row.measure.order_id for row in rows},
        branch__in={row.branch_id for row in rows},
    )
    told = near.order_by().values_list("measure__order", "branch", "status").annotate(Count("pk"))
    counts = {(order, branch, status): count for order, branch, status, count in told}
    return [
        Offer(
            row,
            *(
                counts.get((row.measure.order_id, row.branch_id, status), 0)
                for status in (
                    LessonStatus.OFFERED,
                    LessonStatus.ACCEPTED,
                    LessonStatus.DECLINED,
                )
            ),
        )
        for row in rows
    ]
