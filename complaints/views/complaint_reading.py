"""What the page of a complaint reads to begin with, for all of its parts."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils.functional import cached_property
from django.utils.translation import ngettext, pgettext

from complaints import clocks, delay_cost, evidence
from complaints.actions import handling, work_orders
from complaints.clocks import Cycle
from complaints.forms.moves import MoveForm
from complaints.models import Complaint, Pause, Status, Timer, WorkOrder
from organisation.access import can, visible
from organisation.models import Person

REPEATS_WITHIN = timedelta(days=30)


class Facts(NamedTuple):
    """What there is of what the page shows, whoever reads it: numbers, or whether there is any."""

    events: int
    duplicates: int
    repeats: bool
    files: bool
    orders: bool
    lines: bool
    assessments: bool
    links: bool
    promises: bool


# A constant: nine conditions put together anew for each page cost more than their answers.
FACTS = """
SELECT (SELECT count(*) FROM complaints_event WHERE complaint_id = %(complaint)s),
       (SELECT count(*) FROM complaints_complaint WHERE merged_into_id = %(complaint)s),
       EXISTS (SELECT FROM complaints_complaint
               WHERE customer_id = %(customer)s AND received_at >= %(since)s
                 AND id <> %(complaint)s),
       EXISTS (SELECT FROM complaints_attachment WHERE complaint_id = %(complaint)s),
       EXISTS (SELECT FROM complaints_ordercomplaint WHERE complaint_id = %(complaint)s),
       EXISTS (SELECT FROM complaints_accountability WHERE complaint_id = %(complaint)s)
       OR EXISTS (SELECT FROM complaints_ordercomplaint l
                  JOIN complaints_accountability a ON a.work_order_id = l.order_id
                  WHERE l.complaint_id = %(complaint)s),
       EXISTS (SELECT FROM complaints_assessment WHERE complaint_id = %(complaint)s),
       EXISTS (SELECT FROM complaints_trackinglink
               WHERE complaint_id = %(complaint)s AND is_current),
       EXISTS (SELECT FROM complaints_brokenpromise WHERE complaint_id = %(complaint)s)
"""


class Reading:
    """A complaint for one person. Each part is read once, when needed."""

    def __init__(
        self,
        complaint: Complaint,
        person: Person,
        now: datetime,
        *,
        refused: tuple[str, MoveForm] | None = None,
        unfolded: str = "",
        is_pane: bool = False,
    ) -> None:
        self.complaint = complaint
        # Beside the list every form is there at once: what it answers stays there.
        self.is_pane = is_pane
        self.person = person
        self.now = now
        self.refused = refused
        self.unfolded = refused[0] if refused else unfolded

    @cached_property
    def timers(self) -> list[Timer]:
        return clocks.timers_of([self.complaint])

    @cached_property
    def cycles(self) -> list[Cycle]:
        timers, targets = self.timers, clocks.targets_of(self.timers)
        return clocks.cycles(timers, now=self.now, targets=targets, notes=evidence.notes(timers))

    @cached_property
    def missing(self) -> list[str]:
        """What has to happen before it can be closed."""
        if self.complaint.is_ended or self.complaint.status == Status.INVALID_PROPOSED:
            return []
        return handling.missing_to_close(self.complaint, self.timers)

    @property
    def missing_words(self) -> str:
        return pgettext("between sentences", "; ").join(self.missing)

    @cached_property
    def facts(self) -> Facts:
        """What there is none of is not asked for."""
        given = {
            "complaint": self.complaint.pk,
            "customer": self.complaint.customer_id,
            "since": self._lately,
        }
        with connection.cursor() as cursor:
            cursor.execute(FACTS, given)
            return Facts(*cursor.fetchone())

    @property
    def _lately(self) -> datetime:
        return self.now - REPEATS_WITHIN

    @cached_property
    def repeats(self) -> str:
        """How often the customer complained lately, of what the person may see."""
        if not self.facts.repeats:
            return ""
        rows = visible(Complaint, self.person).filter(
            customer=self.complaint.customer_id, received_at__gte=self._lately
        )
        count = rows.exclude(pk=self.complaint.pk).count()
        words = ngettext(
            "%(count)d more of this customer in 30 days",
            "%(count)d more of this customer in 30 days",
            count,
        )
        return words % {"count": count} if count else ""

    @cached_property
    def duplicates(self) -> list[Complaint]:
        """What was merged into it, as far as the person may see it."""
        if not self.facts.duplicates:
            return []
        rows = visible(Complaint, self.person).filter(merged_into=self.complaint)
        return list(rows.select_related("customer").order_by("pk"))

    @cached_property
    def order(self) -> WorkOrder | None:
        return work_orders.current_order(self.complaint) if self.facts.orders else None

    @cached_property
    def pause(self) -> Pause | None:
        """What we wait for, and until when."""
        if self.complaint.paused_at is None:
            return None
        return self.complaint.pauses.filter(ended_at=None).select_related("by").first()

    @property
    def delay(self) -> delay_cost.Delay | None:
        """What its delay has cost by now, in units."""
        return delay_cost.delay_of(self.complaint, self.timers, now=self.now)

    def _may(self, verb: str) -> bool:
        return can(self.person, verb, self.complaint)
