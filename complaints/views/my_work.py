"""My work: what is mine, by time left; and what waits for my decision."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from complaints import assessments, clock_face, clocks, filters, notice_list, order_filters, work
from complaints.views import my_learning
from complaints.views.answers import address
from complaints.views.rows import Row, rows_of
from complaints.work import Waiting
from csm.kit import clock, htmx
from csm.templatetags.csm import when
from organisation.access import can, postings
from organisation.doors import me
from organisation.models import Person

MOST_ROWS = 50
GROUPS: tuple[tuple[str, Promise], ...] = (
    ("over", _("Overdue")),
    ("risk", _("At risk")),
    ("today", _("Due today")),
    ("later", _("Later")),
)


@dataclass(frozen=True)
class Group:
    """Rows of one urgency; `state` is over, risk, today or later."""

    state: str
    label: Promise
    rows: list[Row]


@dataclass(frozen=True)
class Decision:
    """A kind of decision that waits: how many, and how long the first can wait."""

    label: str
    url: str
    note: str


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    targets = clocks.standard_targets()
    rows = work.mine(person, most=MOST_ROWS + 1)
    shown = rows[:MOST_ROWS]
    context = {
        "groups": _groups(rows_of(shown, person=person, now=now, targets=targets), now),
        "heads": clock_face.heads(targets),
        "has_more": len(rows) > MOST_ROWS,
        "decisions": [*_decisions(person, now), *_notices(person, now)],
        "places": _places(person),
        "may_log": can(person, "complaint.log"),
        "now": now,
    }
    return htmx.page(request, "complaints/my_work.html", context)


def _groups(rows: list[Row], now: datetime) -> list[Group]:
    """The rows by urgency, each group in their order; empty groups vanish."""
    today = timezone.localdate(now)
    found: dict[str, list[Row]] = {}
    for row in rows:
        due = row.complaint.next_due_at
        is_today = due is not None and timezone.localdate(due) <= today
        state = clocks.worst(row.clocks) or ("today" if is_today else "later")
        found.setdefault(state, []).append(row)
    return [Group(state, label, found[state]) for state, label in GROUPS if state in found]


def _decisions(person: Person, now: datetime) -> list[Decision]:
    """The four kinds, those of them that are the person's to make; and others that wait, if any."""
    found = _returned(person)
    complaints = reverse("complaints")
    if can(person, "complaint.triage"):
        found.append(_triage(work.since(work.to_triage(person)), complaints))
        found.append(_invalid(work.since(work.invalid_to_confirm(person)), complaints))
    if can(person, "work_order.confirm"):
        found.append(_orders(work.since_submission(work.orders_to_confirm(person))))
    if can(person, "work_order.open"):
        found += _items(work.since_entry(work.items_to_order(person)))
    if can(person, "callback.record"):
        found.append(_callbacks(work.until(work.callbacks_due(person))))
    learned = [Decision(*each) for each in my_learning.waiting(person, now)]
    return [*found, *_for_customers(person), *_assessments(person, now), *learned]


def _for_customers(person: Person) -> list[Decision]:
    """Recoveries that need approval, and challenges; only where some wait."""
    found = []
    if can(person, "recovery.decide"):
        waiting = work.since_asked(work.recoveries_to_decide(person))
        words = ngettext(
            "%(count)d recovery to decide", "%(count)d recoveries to decide", waiting.count
        )
        url = f"{address('recoveries')}#waiting"
        made = _decision(waiting, words, url, _("The oldest was asked for %(time)s."))
        found += [made] if waiting.count else []
    if can(person, "challenge.answer"):
        waiting = work.since_challenged(work.challenges_to_answer(person))
        words = ngettext(
            "%(count)d challenged complaint to answer",
            "%(count)d challenged complaints to answer",
            waiting.count,
        )
        url = f"{reverse('complaints')}?waiting={filters.CHALLENGE}"
        made = _decision(waiting, words, url, _("The oldest was raised %(time)s."))
        found += [made] if waiting.count else []
    return found


def _assessments(person: Person, now: datetime) -> list[Decision]:
    """Those to decide and appeals to answer, by whose they are; those against us, if any."""
    url, found = reverse("assessments"), []
    if can(person, "assessment.decide") or can(person, "assessment.decide_removal"):
        waiting = assessments.since_proposal(assessments.to_decide(person))
        words = ngettext(
            "%(count)d assessment to decide", "%(count)d assessments to decide", waiting.count
        )
        note = _("The oldest was proposed %(time)s.") if waiting.count else ""
        found.append(_decision(waiting, words, f"{url}?waiting={assessments.DECISION}", note))
    if can(person, "assessment.finish"):
        waiting = assessments.since_appeal(assessments.to_answer(person))
        words = ngettext("%(count)d appeal to answer", "%(count)d appeals to answer", waiting.count)
        note = _("The oldest was made %(time)s.") if waiting.count else ""
        found.append(_decision(waiting, words, f"{url}?waiting={assessments.ANSWER}", note))
    against = assessments.until_appeal(assessments.to_appeal(person, now))
    if against.count:
        words = ngettext(
            "%(count)d assessment decided against us",
            "%(count)d assessments decided against us",
            against.count,
        )
        note = _("You may appeal until %(time)s.")
        found.append(_decision(against, words, f"{url}?waiting={assessments.APPEAL}", note))
    return found


def _returned(person: Person) -> list[Decision]:
    if not can(person, "work_order.write"):
        return []
    waiting = work.since_return(work.orders_to_redo(person))
    words = ngettext(
        "%(count)d work order returned", "%(count)d work orders returned", waiting.count
    )
    url = f"{address('work-orders')}?waiting={order_filters.MENDING}"
    made = _decision(waiting, words, url, _("The oldest was returned %(time)s."))
    return [made] if waiting.count else []


def _notices(person: Person, now: datetime) -> list[Decision]:
    """What notices ask of the person's own units, and the drafts of those who publish."""
    found = []
    if can(person, "notice.opine"):
        found.append(_opinions(work.until_due(notice_list.opinions_awaited(person, now))))
        found.append(_copies(work.since_publication(notice_list.to_acknowledge(person))))
    if can(person, "notice.publish"):
        found.append(_drafts(work.since_drafted(work.notices_to_check(person))))
    return [decision for decision in found if decision is not None]


def _opinions(waiting: Waiting) -> Decision | None:
    words = ngettext(
        "%(count)d notice asks for our opinion",
        "%(count)d notices ask for our opinion",
        waiting.count,
    )
    url = f"{address('notices')}?waiting={notice_list.OPINION}"
    made = _decision(waiting, words, url, _("The first is due %(time)s."))
    return made if waiting.count else None


def _copies(waiting: Waiting) -> Decision | None:
    words = ngettext(
        "%(count)d notice to acknowledge here",
        "%(count)d notices to acknowledge here",
        waiting.count,
    )
    url = f"{address('notices')}?waiting={notice_list.ACKNOWLEDGEMENT}"
    made = _decision(waiting, words, url, _("The oldest was published %(time)s."))
    return made if waiting.count else None


def _drafts(waiting: Waiting) -> Decision | None:
    words = ngettext(
        "%(count)d drafted notice to check", "%(count)d drafted notices to check", waiting.count
    )
    url = f"{address('notices')}?state=draft"
    made = _decision(waiting, words, url, _("The oldest was drafted %(time)s."))
    return made if waiting.count else None


def _triage(waiting: Waiting, url: str) -> Decision:
    words = ngettext("%(count)d to assign", "%(count)d to assign", waiting.count)
    note = _("The oldest was received %(time)s.") if waiting.count else ""
    return _decision(waiting, words, f"{url}?status=received&ordering=received_at", note)


def _invalid(waiting: Waiting, url: str) -> Decision:
    words = ngettext(
        "%(count)d invalid, to confirm", "%(count)d invalid, to confirm", waiting.count
    )
    note = _("A second person has to confirm.") if waiting.count else ""
    return _decision(waiting, words, f"{url}?waiting={filters.INVALID}", note)


def _orders(waiting: Waiting) -> Decision:
    words = ngettext(
        "%(count)d work order to confirm", "%(count)d work orders to confirm", waiting.count
    )
    note = _("The oldest was submitted %(time)s.") if waiting.count else ""
    return _decision(
        waiting, words, f"{address('work-orders')}?waiting={order_filters.VERDICT}", note
    )


def _items(waiting: Waiting) -> list[Decision]:
    words = ngettext(
        "%(count)d dissatisfied item without an order",
        "%(count)d dissatisfied items without an order",
        waiting.count,
    )
    url = f"{reverse('dissatisfied-items')}?status=open&ordering=id"
    made = _decision(waiting, words, url, _("The oldest was entered %(time)s."))
    return [made] if waiting.count else []


def _callbacks(waiting: Waiting) -> Decision:
    words = ngettext(
        "%(count)d customer to call back", "%(count)d customers to call back", waiting.count
    )
    note = _("The next is due %(time)s.") if waiting.count else ""
    return _decision(waiting, words, address("callbacks"), note)


def _decision(waiting: Waiting, words: str, url: str, note: Promise | str) -> Decision:
    return Decision(
        label=words % {"count": waiting.count},
        url=url,
        note=str(note) % {"time": when(waiting.first_at, "text")},
    )


def _places(person: Person) -> str:
    """Where the person works; the first place, and how many more."""
    found = list(dict.fromkeys(posting.branch.label for posting in postings(person)))
    if len(found) < 2:
        return "".join(found)
    words = ngettext("%(place)s and %(more)d more", "%(place)s and %(more)d more", len(found) - 1)
    return words % {"place": found[0], "more": len(found) - 1}
