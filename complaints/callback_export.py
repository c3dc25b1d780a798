"""The queue of callbacks as a file (B-25: what is personal is masked)."""

from collections.abc import Iterator, Sequence
from typing import cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints import callback_queue
from complaints.documents.words import customer_name
from complaints.exports import clock_cells, clock_heads
from complaints.models import CallbackAttempt, Complaint, Milestone, Timer
from csm.kit import keyset
from csm.kit.masking import mask_name, mask_phone
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local


class CallbackExport:
    """One row per customer to call back; whoever is due first comes first."""

    name = "callbacks"
    verb = callback_queue.VERB

    def title(self) -> str:
        return _("Callbacks")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Complaint"), 20, is_text=True),
            Column(_("Subject"), 40),
            Column(_("Responsible branch"), 18),
            Column(_("Customer"), 22),
            Column(_("Contact"), 12),
            Column(_("Phone"), 16, is_text=True),
            Column(_("Calls so far"), 10),
            Column(_("Next call"), 17),
            *clock_heads(Milestone.CALLBACK.label),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return callback_queue.timers_for(asked.person)[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = callback_queue.timers_for(asked.person).with_verdict(asked.now)
        rows = rows.select_related("owner_branch", "complaint__branch", "complaint__customer")
        params = QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("due_at", "pk"), params=params, size=BATCH)
            tries = callback_queue.tries_of(page.rows)
            yield [_callback(row, tries) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next


CALLBACKS = CallbackExport()


def _callback(timer: Timer, tries: dict[int, list[CallbackAttempt]]) -> Sequence[Cell]:
    # The queue is made of complaints' clocks.
    complaint = cast(Complaint, timer.complaint)
    made = tries.get(complaint.pk, [])
    return [
        complaint.number,
        complaint.subject,
        complaint.branch.label,
        customer_name(complaint.customer),
        mask_name(complaint.contact_name),
        mask_phone(complaint.contact_phone),
        len(made),
        local(made[-1].next_at) if made else None,
        *clock_cells(timer),
    ]
