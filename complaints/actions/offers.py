"""Which acts are open to a person: what the pages offer and what a 409 of the API names."""

from django.utils.translation import gettext as _

from complaints.actions import items
from complaints.actions.guard import check_open
from complaints.models import Complaint, DissatisfiedItem, WorkOrder
from csm.kit.errors import NotOpen
from organisation.access import can, require
from organisation.models import Person

COMPLAINT_VERBS = {
    "triage": "complaint.triage",
    "accept": "complaint.accept",
    "apologise": "complaint.apologise",
    "answer": "complaint.answer",
    "work-order": "work_order.write",
    "callback": "callback.record",
    "close": "complaint.close",
    "assign": "complaint.assign",
    "transfer": "complaint.transfer",
    "propose-invalid": "complaint.invalidate",
    "confirm-invalid": "complaint.invalidate",
    "reject-invalid": "complaint.invalidate",
    "reopen": "complaint.reopen",
    "decline": "complaint.accept",
    "pause": "complaint.pause",
    "resume": "complaint.pause",
    "urge": "complaint.urge",
    "merge": "complaint.merge",
    "correct-receipt": "complaint.correct_receipt",
    "ask-waiver": "complaint.ask_waiver",
    "grant-waiver": "complaint.waive",
    "decline-waiver": "complaint.waive",
    "restore": "complaint.invalidate",
    "note": "complaint.note",
    "attach": "complaint.note",
}
ORDER_VERBS = {
    "save": "work_order.write",
    "submit": "work_order.write",
    "return": "work_order.confirm",
    "confirm": "work_order.confirm",
    "annul": "work_order.annul",
    "report-effect": "work_order.write",
}
ITEM_VERBS = {
    "save": "item.record",
    "work-order": "work_order.open",
    "set-aside": "work_order.open",
    "take-up": "work_order.open",
}
# Acts that need somebody else than who wrote in the order (W-16).
SECOND_PERSON = ("return", "confirm")


def open_to(complaint: Complaint, person: Person) -> list[str]:
    """The acts that the complaint's state allows and that are this person's to do."""
    return [
        act
        for act in complaint.open_actions
        if not is_own(complaint, act, person) and can(person, COMPLAINT_VERBS[act], complaint)
    ]


def is_own(complaint: Complaint, act: str, person: Person) -> bool:
    """Whether the act needs somebody else: who began it cannot decide, nobody urges themselves.

    Nobody waives their own clock either.
    """
    not_theirs = {
        "urge": (complaint.handler_id,),
        "confirm-invalid": (complaint.invalid_proposed_by_id,),
        "reject-invalid": (complaint.invalid_proposed_by_id,),
        "grant-waiver": (complaint.waiver_asked_by_id, complaint.handler_id),
        "decline-waiver": (complaint.waiver_asked_by_id,),
    }
    return person.pk in not_theirs.get(act, ())


def order_open_to(order: WorkOrder, person: Person) -> list[str]:
    """The acts that the order's state allows and that are this person's to do."""
    is_own = order.is_written_by(person)
    return [
        act
        for act in order.open_actions
        if not (is_own and act in SECOND_PERSON) and can(person, ORDER_VERBS[act], order)
    ]


def item_open_to(item: DissatisfiedItem, person: Person) -> list[str]:
    """The same for a dissatisfied item."""
    return [act for act in item.open_actions if can(person, ITEM_VERBS[act], item)]


def check(complaint: Complaint, act: str, *, by: Person) -> None:
    """Refuse an act that is not this person's or not open, before its details are looked at."""
    require(by, COMPLAINT_VERBS[act], complaint)
    check_open(complaint, act)


def check_order(order: WorkOrder, act: str, *, by: Person) -> None:
    """The same for an order."""
    require(by, ORDER_VERBS[act], order)
    if act not in order.open_actions:
        raise NotOpen(
            _("The order is “%(status)s” and cannot be changed now.")
            % {"status": order.get_status_display()},
            allowed=order_open_to(order, by),
        )


def check_item(item: DissatisfiedItem, act: str, *, by: Person) -> None:
    """The same for a dissatisfied item."""
    require(by, ITEM_VERBS[act], item)
    items.check_open(item, act)
