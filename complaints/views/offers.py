"""Which moves a complaint's page offers: open in this state, and this person's to make."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.actions import (
    hand_overs,
    handling,
    merging,
    notes,
    offers,
    pauses,
    receipts,
    triage,
    urging,
    waivers,
)
from complaints.forms import moves as forms
from complaints.forms import replies
from complaints.models import Complaint, Status
from organisation.access import can
from organisation.models import Person


@dataclass(frozen=True)
class Move:
    """One act as the page offers it. `act` takes complaint, by, now and the form's fields."""

    action: str
    label: Promise
    act: Callable[..., Any]
    form: type[forms.MoveForm]
    done: Promise
    # Said above the form.
    text: Promise | None = None
    is_rare: bool = False
    is_danger: bool = False

    @property
    def verb(self) -> str:
        """What the move asks of a person: one table, for pages and API alike."""
        return offers.COMPLAINT_VERBS[self.action]

    @property
    def url_name(self) -> str:
        return f"complaint-{self.action}"


MOVES = {
    move.action: move
    for move in (
        Move("triage", _("Judge valid and assign"),
             triage.judge_valid, forms.TriageForm, _("Judged valid and assigned.")),
        Move("confirm-invalid", _("Confirm: invalid"),
             triage.confirm_invalid, forms.MoveForm, _("Confirmed as invalid."),
             _("The four clocks become void and are not counted.")),
        Move("reject-invalid", _("Reject: it is a complaint"),
             triage.reject_invalid, forms.MoveForm, _("It stays a complaint."),
             _("The clocks go on where they were.")),
        Move("accept", _("Accept"),
             hand_overs.accept, forms.MoveForm, _("Accepted.")),
        Move("apologise", _("Record the apology"),
             handling.apologise, replies.ApologyForm, _("The apology is recorded.")),
        Move("answer", _("Record the result"),
             handling.answer, replies.ResultForm, _("The result is recorded.")),
        Move("close", _("Close the complaint"),
             handling.close, forms.MoveForm, _("Closed.")),
        Move("assign", _("Name the handler"),
             hand_overs.assign, forms.AssignForm, _("The handler is named.")),
        Move("transfer", _("Transfer to another branch"),
             hand_overs.transfer, forms.TransferForm, _("Transferred."),
             _("No deadline moves; what is overdue stays with the present branch.")),
        Move("grant-waiver", _("Grant the waiver"),
             waivers.grant, forms.MoveForm, _("The clock is waived and counted apart.")),
        Move("decline-waiver", _("Decline the waiver"),
             waivers.decline, forms.ReasonForm, _("The clock goes on being counted.")),
        Move("resume", _("Resume"),
             pauses.resume, forms.MoveForm, _("The clocks go on.")),
        Move("urge", _("Urge"),
             urging.urge, forms.UrgeForm, _("The owner is reminded.")),
        Move("pause", _("Pause"),
             pauses.pause, forms.PauseForm, _("The clocks wait for the customer."),
             _("Only while we wait for the customer. The apology and overdue clocks go on."),
             is_rare=True),
        Move("ask-waiver", _("Ask for a waiver"),
             waivers.ask, forms.WaiverForm, _("A colleague decides on the waiver."),
             _("A waived clock is counted apart; a breach never becomes on time."),
             is_rare=True),
        Move("merge", _("Merge"),
             merging.merge, forms.MergeForm, _("Merged; the other complaint goes on for both."),
             _("The earlier receipt and the worse clock count; both customers are answered."),
             is_rare=True),
        Move("correct-receipt", _("Correct the time of receipt"),
             receipts.correct, forms.ReceiptForm, _("The clocks count from the corrected time."),
             _("The first four clocks are counted anew; everybody can read the reason."),
             is_rare=True),
        Move("decline", _("Decline"),
             hand_overs.decline, forms.ReasonForm, _("Declined; it went back."),
             _("It goes back to where it came from. No deadline moves."),
             is_rare=True, is_danger=True),
        Move("restore", _("Restore"),
             triage.restore, forms.ReasonForm, _("It is a complaint again."),
             _("The clocks are as due as they were before."), is_rare=True),
        Move("propose-invalid", _("Propose invalid"),
             triage.propose_invalid, forms.ReasonForm, _("Proposed as invalid."),
             _("A second person confirms; until then nobody is reminded."),
             is_rare=True, is_danger=True),
        Move("reopen", _("Reopen"),
             handling.reopen, forms.ReasonForm, _("Opened again."),
             _("Result, work order and callback are counted anew."), is_rare=True),
        Move("note", _("Add note"),
             notes.write, forms.NoteForm, _("The note is saved.")),
        Move("attach", _("Add file"),
             notes.attach, forms.AttachForm, _("The files are added.")),
    )
}  # fmt: skip
# These two have their own place on the page.
APART = ("note", "attach")


def may(move: Move, complaint: Complaint, person: Person) -> bool:
    """Whether the move is this person's to make, whatever the state."""
    if move.action in APART:
        return notes.may_write(complaint, person)
    if move.action == "urge":
        return urging.may_urge(complaint, person)
    return can(person, move.verb, complaint)


def is_open(move: Move, complaint: Complaint, person: Person) -> bool:
    """Open in the complaint's state, and the person's to make."""
    if move.action not in complaint.open_actions or not may(move, complaint, person):
        return False
    return not offers.is_own(complaint, move.action, person)


def offered(complaint: Complaint, person: Person, *, missing: list[str]) -> list[Move]:
    """The moves of the next step, the main one first; closing only when nothing is missing."""
    found = [
        move
        for move in MOVES.values()
        if move.action not in APART
        and is_open(move, complaint, person)
        and not (move.action == "close" and missing)
    ]
    return sorted(found, key=lambda move: move.action != main_action(complaint))


def main_action(complaint: Complaint) -> str:
    """What this complaint waits for most. Recording an apology or a result accepts it, too."""
    if complaint.status in (Status.ASSIGNED, Status.HANDLING):
        if not complaint.apologised_at:
            return "apologise"
        return "accept" if complaint.status == Status.ASSIGNED else "answer"
    return {
        Status.RECEIVED: "triage",
        Status.INVALID_PROPOSED: "confirm-invalid",
        Status.ANSWERED: "callback",
        Status.CALLED_BACK: "close",
    }.get(Status(complaint.status), "")
