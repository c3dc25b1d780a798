"""Finding notices, and counting who has read and acknowledged them: for page, file and API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Count, Min, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.filters import Codes, Many, OneOf, Words, below
from complaints.models import Notice, NoticeCopy, NoticeStatus, Opinion
from organisation.access import branches, units, visible
from organisation.models import Branch, Person

OPINION, ACKNOWLEDGEMENT, UNREAD = "opinion", "acknowledgement", "unread"
WAITING = (
    (OPINION, _("My unit's opinion is asked")),
    (ACKNOWLEDGEMENT, _("My branch is to acknowledge it")),
    (UNREAD, _("My branch has not read it")),
)


class NoticeFilter(django_filters.FilterSet):
    """`NoticeFilter(request.GET, person=…, now=…)`: `.qs` are the notices that the person sees."""

    state = Many("status", choices=NoticeStatus.choices, label=_("Status"))
    branch = Codes(method="of_branches", queryset=Branch.objects.none(), label=_("Branch"))
    complaint = Words("complaint__number", lookup_expr="in", label=_("Complaint"))
    waiting = OneOf(method="waits", choices=WAITING, label=_("Waits for us"))
    search = django_filters.CharFilter(method="found", max_length=100, label=_("Search"))

    def __init__(self, data: QueryDict | dict[str, Any], *, person: Person, now: datetime) -> None:
        super().__init__(data, queryset=visible(Notice, person))
        self.person, self.now = person, now
        fields: Any = self.form.fields
        fields["branch"].queryset = branches(person, "branch.see")

    def of_branches(
        self, rows: QuerySet[Any], name: str, chosen: Iterable[Branch]
    ) -> QuerySet[Any]:
        """Issued by them, or for them."""
        meant = below(chosen)
        named = Notice.addressees.through.objects.filter(branch__in=meant)
        return rows.filter(Q(issuing_branch__in=meant) | Q(pk__in=named.values("notice")))

    def waits(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """For what the person's own units are to do."""
        if value == OPINION:
            return rows.filter(pk__in=opinions_awaited(self.person, self.now).values("notice"))
        mine = {ACKNOWLEDGEMENT: to_acknowledge, UNREAD: unread}[value]
        return rows.filter(pk__in=mine(self.person).values("notice"))

    def found(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """A part of the number, the title or the text, or the number of the complaint."""
        matches = Q()
        for part in ("number", "title", "text", "complaint__number"):
            matches |= Q(**{f"{part}__icontains": text})
        return rows.filter(matches)


def opinions_awaited(person: Person, now: datetime) -> QuerySet[Opinion]:
    """Those that the person's own units still may give."""
    return Opinion.objects.filter(
        branch__in=units(person, "notice.opine"),
        notice__status=NoticeStatus.CONSULTING,
        given_at__isnull=True,
        due_at__gte=now,
    )


def to_acknowledge(person: Person) -> QuerySet[NoticeCopy]:
    """Copies in the hands of the person's own units that these have not acknowledged."""
    return NoticeCopy.objects.filter(
        branch__in=units(person, "notice.acknowledge"),
        notice__status=NoticeStatus.PUBLISHED,
        acknowledged_at__isnull=True,
    )


def unread(person: Person) -> QuerySet[NoticeCopy]:
    """Copies that nobody of the person's own units has opened."""
    return NoticeCopy.objects.filter(
        branch__in=units(person, "notice.see"),
        notice__status=NoticeStatus.PUBLISHED,
        reading__isnull=True,
    )


@dataclass(frozen=True)
class Spread:
    """To how many branches a notice goes, the first of them, and how many did what with it."""

    named: int = 0
    first: Branch | None = None
    copies: int = 0
    read: int = 0
    acknowledged: int = 0

    @property
    def others(self) -> int:
        return self.named - 1


def spreads(notices: Sequence[Notice]) -> dict[int, Spread]:
    """By notice; three queries, however many."""
    named = Notice.addressees.through.objects.filter(notice__in=notices).values("notice")
    to = {row["notice"]: row for row in named.annotate(n=Count("pk"), first=Min("branch"))}
    copies = NoticeCopy.objects.filter(notice__in=notices).order_by().values("notice")
    counts = {
        row["notice"]: row
        for row in copies.annotate(
            all=Count("pk"), opened=Count("reading"), done=Count("acknowledged_at")
        )
    }
    firsts = Branch.objects.in_bulk(row["first"] for row in to.values())
    return {
        notice.pk: _spread(to.get(notice.pk), counts.get(notice.pk), firsts) for notice in notices
    }


def _spread(
    to: Mapping[str, Any] | None, counts: Mapping[str, Any] | None, firsts: dict[int, Branch]
) -> Spread:
    if to is None:
        return Spread()
    done = (counts["all"], counts["opened"], counts["done"]) if counts else ()
    return Spread(to["n"], firsts.get(to["first"]), *done)
