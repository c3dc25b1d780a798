"""The sections of a report that are lists: each person has those lines that they see (C-14)."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Accountability, Improvement, ImprovementStatus, Party
from csm.kit.periods import Period
from organisation.models import Person
from reports.documents import lists
from reports.documents.cells import Cell, Column, Line, Section
from reports.documents.lists import COURSES, TOPICS, Sums


def accountability(period: Period, person: Person, sums: Sums, *, most: int) -> Section:
    """Who answers for what, and the consequence proposed (C-28, W-06)."""
    rows = lists.lines(period, person)
    parties = {str(Party(party).label): number for party, number in sums.parties.items()}
    return Section(
        name="accountability",
        lead="record",
        title=_("Accountability"),
        columns=[
            Column("day", pgettext("of a line", "Written"), 12),
            Column("record", _("Complaint or order"), 20),
            Column("party", _("Who answers"), 18),
            Column("who", _("Name"), 20),
            Column("what", _("What happened"), 50),
            Column("consequence", _("Proposed consequence"), 40),
        ],
        lines=[_accountable(row) for row in rows[:most]],
        definitions=[
            _("Lines of accountability written in the period, of complaints and of work orders "
              "that are not annulled.")
        ],
        note=_counted(parties),
        empty=_("Nobody was named in this period.") if not parties else "",
        total=sum(sums.parties.values()),
        seen=rows.count(),
    )  # fmt: skip


def _accountable(row: Accountability) -> Line:
    if row.complaint is not None:
        name, url = row.complaint.number, reverse("complaint", args=[row.complaint.number])
    else:
        name, url = str(row.work_order), reverse("work-order", args=[row.work_order_id])
    cells = [
        Cell(timezone.localdate(row.created_at), "day"),
        Cell(name, url=url),
        Cell(str(Party(row.party).label)),
        Cell(row.who),
        Cell(row.what),
        Cell(row.consequence),
    ]
    return Line(str(row.pk), cells)


def topics(period: Period, person: Person, sums: Sums, *, most: int) -> Section:
    """QC topics and process steps that work orders asked for (W-15, P-08)."""
    return _requests(
        "qc_topics",
        _("QC topics"),
        sums.of(*TOPICS),
        lists.requests(period, person, *TOPICS),
        _("QC topics and process steps to remove or join that were requested in the period with a "
          "work order, as they stand now."),
        _("No topic was requested in this period."),
        most,
    )  # fmt: skip


def courses(period: Period, person: Person, sums: Sums, *, most: int) -> Section:
    """Training courses that work orders asked for (W-15, T-18)."""
    return _requests(
        "training",
        _("Training requested"),
        sums.of(*COURSES),
        lists.requests(period, person, *COURSES),
        _("Training courses that were requested in the period with a work order, as they stand "
          "now."),
        _("No course was requested in this period."),
        most,
    )  # fmt: skip


def _requests(
    name: str,
    title: str,
    states: Mapping[str, int],
    rows: QuerySet[Improvement],
    definition: str,
    empty: str,
    most: int,
) -> Section:
    return Section(
        name=name,
        lead="title",
        title=title,
        columns=[
            Column("day", pgettext("of an improvement", "Requested"), 12),
            Column("title", _("Title"), 36),
            Column("kind", _("Kind"), 24),
            Column("branch", pgettext("level", "Branch"), 20),
            Column("reason", _("Why"), 50),
            Column("status", _("Status"), 14),
            Column("owner", _("Owner"), 16),
        ],
        lines=[_request(row) for row in rows[:most]],
        definitions=[definition],
        note=_counted({str(ImprovementStatus(key).label): n for key, n in states.items()}),
        empty=empty if not states else "",
        total=sum(states.values()),
        seen=rows.count(),
    )


def _request(row: Improvement) -> Line:
    cells = [
        Cell(timezone.localdate(row.requested_at), "day"),
        Cell(row.title, url=reverse("improvement", args=[row.pk])),
        Cell(row.get_kind_display()),
        Cell(row.branch.label),
        Cell(row.reason),
        Cell(row.get_status_display()),
        Cell(row.owner.name if row.owner else ""),
    ]
    return Line(str(row.pk), cells)


def _counted(numbers: Mapping[str, int]) -> str:
    """How many of each, for the whole company."""
    if not numbers:
        return ""
    parts = " · ".join(f"{name} {number:,}" for name, number in numbers.items())
    return _("Company: %(parts)s.") % {"parts": parts}
