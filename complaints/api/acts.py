"""The calls that do something to a complaint. Each answers the complaint as it is then."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as bodies
from complaints.actions import (
    callbacks,
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
from complaints.api.reading import allowed, complaint_data
from complaints.models import Complaint
from csm.kit.errors import NotOpen
from organisation.access import visible_or_404
from organisation.api.doors import Door


class Act(Door):
    """One act: `name` as in the list of open acts, `given` reads the body, `act` does it.

    Who may not, or when it is not open, is told so before the body is looked at.
    """

    name: ClassVar[str]
    given: ClassVar[type[bodies.VersionedSerializer]] = bodies.VersionedSerializer
    shown: ClassVar = bodies.ComplaintSerializer
    act: Callable[..., Any]
    status: ClassVar[int] = status.HTTP_200_OK

    def post(self, request: Request, number: str) -> Response:
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._done(complaint))

    def _done(self, complaint: Complaint) -> Response:
        try:
            offers.check(complaint, self.name_of(self.request.data), by=self.me)
            given = self.given(data=self.request.data, context={"me": self.me})
            given.is_valid(raise_exception=True)
            self.do(complaint, given.validated_data)
        except NotOpen as refusal:
            refusal.allowed = allowed(complaint, self.me)
            raise
        return Response(complaint_data(complaint.pk, self.me, self.now), status=self.status)

    def name_of(self, data: dict[str, Any]) -> str:
        return self.name

    def do(self, complaint: Complaint, fields: dict[str, Any]) -> None:
        type(self).act(complaint=complaint, by=self.me, now=self.now, **fields)


class Triage(Act):
    """Judge: valid (branch, category, severity, perhaps the handler), or propose invalid."""

    name = "triage"
    given = bodies.TriageSerializer

    def name_of(self, data: dict[str, Any]) -> str:
        return "propose-invalid" if data.get("valid") is False else self.name

    def do(self, complaint: Complaint, fields: dict[str, Any]) -> None:
        is_valid, reason = fields.pop("valid"), fields.pop("reason", "")
        if is_valid:
            triage.judge_valid(complaint=complaint, by=self.me, now=self.now, **fields)
        else:
            triage.propose_invalid(
                complaint=complaint,
                reason=reason,
                version=fields.get("version"),
                by=self.me,
                now=self.now,
            )


class ProposeInvalid(Act):
    """Say that this is no complaint, with the reason; a second person decides."""

    name = "propose-invalid"
    given = bodies.ReasonSerializer
    act = staticmethod(triage.propose_invalid)


class ConfirmInvalid(Act):
    """The second person agrees: the clocks become void."""

    name = "confirm-invalid"
    act = staticmethod(triage.confirm_invalid)


class RejectInvalid(Act):
    """The second person disagrees: everything goes on where it was."""

    name = "reject-invalid"
    act = staticmethod(triage.reject_invalid)


class Accept(Act):
    """The branch takes the complaint on."""

    name = "accept"
    act = staticmethod(hand_overs.accept)


class Apologise(Act):
    """A person spoke to the customer: stops the 1 h clock at `at`, else now."""

    name = "apologise"
    given = bodies.ApologySerializer
    act = staticmethod(handling.apologise)


class GiveResult(Act):
    """The customer was given the result: stops the 24 h clock at `at`, else now."""

    name = "answer"
    given = bodies.ResultSerializer
    act = staticmethod(handling.answer)


class CallBack(Act):
    """One call to the customer. Reached stops the 72 h clock; not satisfied reopens."""

    name = "callback"
    given = bodies.CallbackSerializer
    act = staticmethod(callbacks.record)


class Assign(Act):
    """Name the handler within the responsible branch."""

    name = "assign"
    given = bodies.AssignSerializer
    act = staticmethod(hand_overs.assign)


class Transfer(Act):
    """Make another branch responsible; no deadline moves."""

    name = "transfer"
    given = bodies.TransferSerializer
    act = staticmethod(hand_overs.transfer)


class Reopen(Act):
    """Begin the next cycle: result, order and callback are counted anew."""

    name = "reopen"
    given = bodies.ReasonSerializer
    act = staticmethod(handling.reopen)


class Close(Act):
    """File it away. What is still missing is named in a 409 `refused`."""

    name = "close"
    act = staticmethod(handling.close)


class Decline(Act):
    """Not ours: back to where it came from. No deadline moves."""

    name = "decline"
    given = bodies.ReasonSerializer
    act = staticmethod(hand_overs.decline)


class Restore(Act):
    """An invalid complaint was one after all: its clocks are as due as before."""

    name = "restore"
    given = bodies.ReasonSerializer
    act = staticmethod(triage.restore)


class PauseClocks(Act):
    """Wait for the customer: never the apology, never an overdue clock."""

    name = "pause"
    given = bodies.PauseSerializer
    act = staticmethod(pauses.pause)


class ResumeClocks(Act):
    """The customer has answered: the clocks go on."""

    name = "resume"
    act = staticmethod(pauses.resume)


class CorrectReceipt(Act):
    """Count the first cycle from another moment; the reason is written down."""

    name = "correct-receipt"
    given = bodies.ReceiptSerializer
    act = staticmethod(receipts.correct)


class AskWaiver(Act):
    """Ask that one clock be counted apart; somebody else decides."""

    name = "ask-waiver"
    given = bodies.WaiverSerializer
    act = staticmethod(waivers.ask)


class GrantWaiver(Act):
    """The clock is waived: counted in a column of its own."""

    name = "grant-waiver"
    act = staticmethod(waivers.grant)


class DeclineWaiver(Act):
    """The clock goes on being counted."""

    name = "decline-waiver"
    given = bodies.ReasonSerializer
    act = staticmethod(waivers.decline)


class Merge(Act):
    """A duplicate: the complaint `into` goes on for both, with the worse clock of the two."""

    name = "merge"
    given = bodies.MergeSerializer
    act = staticmethod(merging.merge)


class Urge(Act):
    """Remind the owner, at most once in ten minutes."""

    name = "urge"
    act = staticmethod(urging.urge)


class WriteNote(Act):
    """Words from colleague to colleague."""

    name = "note"
    given = bodies.NoteTextSerializer
    act = staticmethod(notes.write)


class Attach(Act):
    """Add files: several parts named `files`."""

    name = "attach"
    given = bodies.AttachSerializer
    act = staticmethod(notes.attach)
    status = status.HTTP_201_CREATED
    parser_classes = (MultiPartParser,)

    @extend_schema(responses={201: bodies.ComplaintSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Add files: several parts named `files`."""
        return super().post(request, number)
