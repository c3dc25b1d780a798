"""Who answers for a complaint, and what is proposed against whom (C-21, C-28)."""

from django.urls import reverse
from django.utils.functional import cached_property

from complaints.accountability import lines_of_complaint, with_names
from complaints.actions import promises
from complaints.models import Accountability, Assessment, BrokenPromise, Status
from complaints.views.complaint_reading import Reading
from organisation.access import can, visible


class Consequences(Reading):
    """The card of consequences on the page of a complaint."""

    @cached_property
    def lines(self) -> list[Accountability]:
        """Who answers for what (C-28)."""
        if not self.facts.lines:
            return []
        return list(with_names(lines_of_complaint(self.complaint, self.person)))

    @cached_property
    def assessments(self) -> list[Assessment]:
        if not self.facts.assessments:
            return []
        rows = visible(Assessment, self.person).filter(complaint=self.complaint)
        return list(rows.select_related("branch", "person"))

    @cached_property
    def broken(self) -> list[BrokenPromise]:
        """The promises that it says were broken."""
        if not self.facts.promises:
            return []
        return list(self.complaint.broken_promises.select_related("revision").order_by("promise"))

    @property
    def may_mark(self) -> bool:
        return self._may(promises.MARKING)

    @property
    def accountability_url(self) -> str:
        """Where the lines are written; empty for whom they are not to write."""
        is_judged = self.complaint.triaged_at is not None
        if not is_judged or not self._may("accountability.write"):
            return ""
        return reverse("complaint-accountability", args=(self.complaint.number,))

    @property
    def may_propose(self) -> bool:
        return self.complaint.triaged_at is not None and self._may("assessment.propose")

    @property
    def has_consequences(self) -> bool:
        may_write = self.accountability_url or self.may_propose
        return bool(self.lines or self.assessments or may_write)

    @property
    def notice_url(self) -> str:
        """Where a notice about it is drafted, for those who may: it need not be theirs else."""
        is_valid = self.complaint.status not in (Status.INVALID, Status.MERGED)
        may = is_valid and can(self.person, "notice.write")
        return f"{reverse('notice-new')}?complaint={self.complaint.number}" if may else ""
