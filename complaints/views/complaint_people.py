"""Who takes part in a complaint."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints.actions import following, tracking
from complaints.forms.moves import AssignForm
from complaints.models import Participant, Status, TrackingLink
from complaints.views.complaint_steps import Steps
from organisation.models import Person, Role
from organisation.roles import holders


@dataclass(frozen=True)
class Part:
    """Somebody who takes part, and as what."""

    name: str
    role: str


class People(Steps):
    """The people on the page of a complaint."""

    @cached_property
    def parts(self) -> list[Part]:
        """The people of the complaint, who answers for it first."""
        complaint = self.complaint
        found = []
        if complaint.handler:
            found.append(Part(complaint.handler.name, _("Handler")))
        if complaint.triaged_at:
            role = str(Role.BRANCH_MANAGER.label)
            found += [Part(person.name, role) for person in self._managers]
        found += [Part(row.person.name, self._part(row)) for row in self._participants]
        if complaint.triaged_by:
            found.append(Part(complaint.triaged_by.name, _("Issued by")))
        return found

    @property
    def _managers(self) -> list[Person]:
        """Those of the nearest branch that has any; a form that offers them has read them."""
        forms = (step.form for step in self.steps)
        offering = next((form for form in forms if isinstance(form, AssignForm)), None)
        if offering is None:
            return holders(self.complaint.branch, Role.BRANCH_MANAGER)
        rows = [row for row in offering.postings if row.role == Role.BRANCH_MANAGER]
        return [row.person for row in rows if row.branch_id == rows[0].branch_id]

    @cached_property
    def _participants(self) -> list[Participant]:
        return list(self.complaint.participants.select_related("person"))

    def _part(self, row: Participant) -> str:
        is_first = row.reason == Participant.Reason.FIRST_CONTACT
        if is_first and self.complaint.status == Status.ASSIGNED:
            return _("First contact, hand-over not accepted yet")
        return row.get_reason_display()

    @cached_property
    def customer_link(self) -> TrackingLink | None:
        """By which the customer follows it."""
        return tracking.current(self.complaint, now=self.now) if self.facts.links else None

    @property
    def may_change_link(self) -> bool:
        return self._may(tracking.VERB)

    @property
    def may_follow(self) -> bool:
        return not self.follows and self._may(following.VERB)

    @property
    def follows(self) -> bool:
        """Whether the person takes part for the customer."""
        mine = (self.person.pk, following.REASON)
        return any((row.person_id, row.reason) == mine for row in self._participants)
