"""Whose clock it is, or who stopped it: the line under each clock of the complaint's page."""

from collections.abc import Iterable

from complaints.models import CallbackAttempt, Reply, Timer, TimerState, WorkOrder

BETWEEN = " · "


def notes(timers: Iterable[Timer]) -> dict[int, str]:
    """A few words by timer id; at most one query for each kind of evidence."""
    timers = list(timers)
    replies = Reply.objects.select_related("by").in_bulk(_ids(timers, "reply"))
    calls = CallbackAttempt.objects.select_related("by").in_bulk(_ids(timers, "callback"))
    orders = WorkOrder.objects.select_related("submitted_by").in_bulk(_ids(timers, "order"))
    found = {}
    for timer in timers:
        kind, pk = _reference(timer)
        if kind == "reply" and (reply := replies.get(pk)):
            found[timer.pk] = _joined(_name(reply.by), reply.get_channel_display())
        elif kind == "callback" and (call := calls.get(pk)):
            found[timer.pk] = _name(call.by)
        elif kind == "order" and (order := orders.get(pk)):
            found[timer.pk] = _joined(_name(order.submitted_by), order.number)
        elif timer.state != TimerState.VOID:
            found[timer.pk] = _joined(_name(timer.owner), timer.owner_branch.label)
    return found


def _reference(timer: Timer) -> tuple[str, int]:
    """What proves that the clock was stopped, as kind and id."""
    kind, _, pk = timer.met_evidence.partition(":")
    return kind, int(pk) if pk.isdigit() else 0


def _ids(timers: Iterable[Timer], wanted: str) -> list[int]:
    return [pk for kind, pk in map(_reference, timers) if kind == wanted]


def _name(person: object) -> str:
    return str(person) if person is not None else ""


def _joined(*words: str | None) -> str:
    return BETWEEN.join(word for word in words if word)
