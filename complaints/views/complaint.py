"""One complaint: what was said, its clocks, what happened, what is to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints import clock_face, clocks, counting, delay_cost, evidence, timeline
from complaints.accountability import lines_of_complaint, with_names
from complaints.actions import contacts, following, handling, looks, waivers, work_orders
from complaints.clocks import Cycle
from complaints.forms.choices import branch_name
from complaints.forms.moves import AssignForm, MoveForm
from complaints.models import (
    Accountability,
    Assessment,
    Complaint,
    Participant,
    Pause,
    Phrase,
    Status,
    Timer,
    Waiver,
    WorkOrder,
)
from complaints.views import news_urls, offers, phrases
from complaints.views.answers import address
from complaints.views.found import complaint_or_404
from complaints.views.offers import Move
from complaints.views.reading import is_read
from complaints.views.rows import Row, rows_of
from complaints.views.trail import trail
from csm.kit import clock, htmx
from organisation.access import can, visible
from organisation.doors import me
from organisation.models import Person, Role
from organisation.roles import holders

# The newest events; the others are one link away.
EVENTS_SHOWN = 20
REPEATS_WITHIN = timedelta(days=30)
# What the customers of merged duplicates have to hear as well (`sla.md` rule 8).
SPOKEN = ("apologise", "answer")


@dataclass(frozen=True)
class Step:
    """A move of the page with its form; a heavy one is read when it is unfolded."""

    move: Move
    form: MoveForm | None
    is_unfolded: bool
    # Said above the form, beside what every form of the move says.
    reminder: str = ""


@dataclass(frozen=True)
class Part:
    """Somebody who takes part, and as what."""

    name: str
    role: str


@dataclass(frozen=True)
class Link:
    """A move that has a page of its own."""

    label: str
    url: str


class Facts(NamedTuple):
    """Other complaints of the customer lately; what this one has, and what was merged into it."""

    repeats: int
    events: int
    files: int
    orders: int
    duplicates: int
    lines: int
    assessments: int


class Page:
    """What the page of a complaint shows to one person. Each part is read once, when needed."""

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
    def steps(self) -> list[Step]:
        moves = offers.offered(self.complaint, self.person, missing=self.missing)
        return [self._step(move) for move in moves]

    def _step(self, move: Move) -> Step:
        is_unfolded = self.unfolded == move.action
        is_later = move.form.is_heavy and not is_unfolded and not self.is_pane
        reminder = self.reminder if move.action in SPOKEN else ""
        return Step(move, None if is_later else self._form(move), is_unfolded, reminder)

    @property
    def reminder(self) -> str:
        """That others wait to hear it, too."""
        count = self.facts.duplicates
        words = ngettext(
            "%(count)d complaint was merged into this one: tell its customer, too.",
            "%(count)d complaints were merged into this one: tell their customers, too.",
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

    @cached_property
    def main(self) -> Step | None:
        return next((step for step in self.steps if not step.move.is_rare), None)

    @property
    def other(self) -> list[Step]:
        return [step for step in self.steps if not step.move.is_rare and step is not self.main]

    @property
    def rare(self) -> list[Step]:
        return [step for step in self.steps if step.move.is_rare]

    @property
    def is_rare_unfolded(self) -> bool:
        return any(step.is_unfolded for step in self.rare)

    @property
    def has_others(self) -> bool:
        return bool(self.other or self.rare or self.links)

    @cached_property
    def main_link(self) -> Link | None:
        """The callback has a page of its own, the desk."""
        found = self.complaint
        if "callback" not in found.open_actions or not self._may("callback.record"):
            return None
        return Link(_("Record the callback"), reverse("callback", args=(found.number,)))

    @property
    def links(self) -> list[Link]:
        """The order is written on a page of its own."""
        if self.order is None:
            return []
        url = reverse("work-order", args=(self.order.pk,))
        return [Link(_("Rectification work order"), url)]

    @property
    def notice_url(self) -> str:
        """Where a notice about it is drafted, for those who may: it need not be theirs else."""
        is_valid = self.complaint.status not in (Status.INVALID, Status.MERGED)
        may = is_valid and can(self.person, "notice.write")
        return f"{reverse('notice-new')}?complaint={self.complaint.number}" if may else ""

    @property
    def is_order_next(self) -> bool:
        """Whether the work order is the one thing to do."""
        if self.main or self.main_link or not self._may("work_order.write"):
            return False
        return self.may_draft or (self.order is not None and self.order.is_editable)

    @property
    def is_quiet(self) -> bool:
        """Whether the card has nothing else to say."""
        has_moves = self.steps or self.main_link or self.links or self.may_draft
        return not has_moves and not self.missing

    @property
    def may_draft(self) -> bool:
        is_open = self.order is None and "work-order" in self.complaint.open_actions
        return is_open and self._may("work_order.write")

    def _may(self, verb: str) -> bool:
        return can(self.person, verb, self.complaint)

    @cached_property
    def waiver(self) -> Waiver | None:
        """The request that waits for a decision."""
        asked = self.complaint.waiver_asked_by_id
        return waivers.open_request(self.complaint) if asked else None

    @cached_property
    def pause(self) -> Pause | None:
        """What we wait for, and until when."""
        if self.complaint.paused_at is None:
            return None
        return self.complaint.pauses.filter(ended_at=None).select_related("by").first()

    @cached_property
    def note(self) -> Step | None:
        return self._apart("note")

    @cached_property
    def attach(self) -> Step | None:
        return self._apart("attach")

    def _apart(self, action: str) -> Step | None:
        move = offers.MOVES[action]
        if not offers.is_open(move, self.complaint, self.person):
            return None
        return Step(move, self._form(move), self.unfolded == action)

    def _form(self, move: Move) -> MoveForm:
        if self.refused and self.refused[0] == move.action:
            return self.refused[1]
        return form_of(move, self.complaint, self.person)

    @cached_property
    def phrases(self) -> list[Phrase]:
        """The canned replies to choose from."""
        return phrases.offered(self.person, self.complaint)

    @cached_property
    def order(self) -> WorkOrder | None:
        return work_orders.current_order(self.complaint) if self.facts.orders else None

    @cached_property
    def facts(self) -> Facts:
        """How many there are of what the page shows: what there is none of is not asked for."""
        found = self.complaint
        repeats: QuerySet[Complaint] = Complaint.objects.none()
        if found.customer_id is not None:
            repeats = visible(Complaint, self.person).filter(
                customer=found.customer_id, received_at__gte=self.now - REPEATS_WITHIN
            )
        more = (
            timeline.events_of(found),
            found.attachments.all(),
            found.order_links.all(),
            found.merged_from.all(),
            lines_of_complaint(found, self.person),
            visible(Assessment, self.person).filter(complaint=found),
        )
        counted = [counting.Rows(rows.order_by().values("pk")) for rows in more]
        return Facts(*counting.ask(self.person, [repeats.exclude(pk=found.pk)], *counted))

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

    @property
    def delay(self) -> delay_cost.Delay | None:
        """What its delay has cost by now, in units."""
        return delay_cost.delay_of(self.complaint, self.timers, now=self.now)

    @property
    def may_follow(self) -> bool:
        return not self.follows and self._may(following.VERB)

    @property
    def follows(self) -> bool:
        """Whether the person takes part for the customer."""
        mine = (self.person.pk, following.REASON)
        return any((row.person_id, row.reason) == mine for row in self._participants)

    @cached_property
    def repeats(self) -> str:
        """How often the customer complained lately, of what the person may see."""
        if self.complaint.customer_id is None:
            return ""
        count = self.facts.repeats
        words = ngettext(
            "%(count)d more of this customer in 30 days",
            "%(count)d more of this customer in 30 days",
            count,
        )
        return words % {"count": count} if count else ""


def form_of(move: Move, complaint: Complaint, person: Person, *data: Any, **more: Any) -> MoveForm:
    """The form of a move; ids carry its name, since a page has several forms."""
    auto_id = f"{move.action}_%s"
    return move.form(*data, complaint=complaint, person=person, auto_id=auto_id, **more)


@require_safe
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    found, now = complaint_or_404(request, number), clock.now()
    if is_read(request):
        looks.look(complaint=found, by=me(request), now=now)
    return show(request, found, now=now, unfolded=request.GET.get("move", ""))


@require_POST
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """The page with the whole number on it; written down, and never kept by a cache."""
    found = complaint_or_404(request, number)
    shown = contacts.reveal_phone(complaint=found, by=me(request), now=clock.now())
    if htmx.wants_part(request):
        context = {"complaint": found, "phone": shown}
        response = htmx.page(request, "complaints/_phone.html", context)
    else:
        response = show(request, found, phone=shown)
    response["Cache-Control"] = "no-store"
    return response


def show(
    request: HttpRequest,
    complaint: Complaint,
    *,
    now: datetime | None = None,
    refused: tuple[str, MoveForm] | None = None,
    unfolded: str = "",
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; a refused form stays open on it with what was typed."""
    is_pane = htmx.wants_part(request)
    shown = Page(
        complaint,
        me(request),
        now or clock.now(),
        refused=refused,
        unfolded=unfolded,
        is_pane=is_pane,
    )
    context = {
        "page": shown,
        "is_pane": is_pane,
        "rows": _row(shown) if is_pane else (),
        "complaint": complaint,
        "phone": phone,
        "trail": trail(request, complaint, shown.now),
        "news_url": news_urls.of_complaint(request, complaint, shown.now),
        **_more(request, shown),
    }
    return htmx.page(request, "complaints/complaint.html", context, part="pane", status=status)


def _row(shown: Page) -> list[Row]:
    """The complaint as the list beside it shows it."""
    targets = clocks.standard_targets()
    return rows_of([shown.complaint], person=shown.person, now=shown.now, targets=targets)


def _more(request: HttpRequest, shown: Page) -> Mapping[str, Any]:
    found = shown.complaint
    events = timeline.events_of(found)
    if request.GET.get("events") == "all":
        shown_events = list(events)
    else:
        shown_events = list(events.exclude(kind=timeline.SUPERSEDED)[:EVENTS_SHOWN])
    total = shown.facts.events
    return {
        "clocks": shown.cycles[0].clocks,
        "explain_url": reverse("complaint-clocks", args=(found.number,)),
        "entries": timeline.entries(found, shown_events),
        "more_events": total if total > len(shown_events) else 0,
        "responsible": branch_name(found.branch) if found.triaged_at else "",
        "lag": clock_face.short_time(found.logged_at - found.received_at)
        if found.was_logged_late
        else "",
        "attachments": found.attachments.select_related("file") if shown.facts.files else (),
        "customer_url": address("customer", found.customer_id) if _sees_customer(shown) else "",
        "form": shown.refused[1] if shown.refused else None,
    }


def _sees_customer(shown: Page) -> bool:
    customer = shown.complaint.customer
    return customer is not None and can(shown.person, "customer.see", customer)
