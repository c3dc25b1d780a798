"""Finding complaints: the one set of conditions that the list page and the API share.

Every condition takes several values, repeated (`status=received&status=assigned`) or with commas,
and any of them will do; different conditions must all hold. Milestone, verdict, verdict branch and
deadline speak of one and the same clock: "the work order, overdue".
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date, datetime, time
from functools import partial
from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from complaints import all_four, search, work
from complaints.models import (
    Category,
    Channel,
    Complaint,
    Milestone,
    Severity,
    Status,
    Timer,
    Verdict,
)
from customers.models import Grade, Tier
from organisation.access import branches, places, sees_few, visible
from organisation.models import Branch, Person

RECEIVED, DUE = "received_at", "due"
ORDERINGS = (
    (f"-{RECEIVED}", _("Newest first")),
    (RECEIVED, _("Oldest first")),
    (DUE, _("Next deadline first")),
    (f"-{DUE}", _("Last deadline first")),
)
# Why a complaint is seen; a list that names one keeps to one index.
THROUGH = (
    ("branch", _("Responsible")),
    ("intake_branch", _("Taken in by us")),
    ("participants__person", _("I take part")),
)
ME, NOBODY = "me", "none"
MET, MISSED = "met", "missed"
TO_ANSWER = "open"
INVALID, CHALLENGE = "invalid", "challenge"
WAITING = (
    (INVALID, _("For me to confirm that it is invalid")),
    (CHALLENGE, _("For me to answer a challenge")),
)


class ManyValues(forms.SelectMultiple):
    """Repeated values and values with commas are one list."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        given = super().value_from_datadict(data, files, name) or []
        values = [given] if isinstance(given, str) else given
        return [part.strip() for value in values for part in value.split(",") if part.strip()]


class ManyChoicesField(forms.MultipleChoiceField):
    widget = ManyValues


class ManyCodesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows named by their codes."""

    widget = ManyValues
    # The rows that a box offers, where they are known without reading the queryset.
    offered: Callable[[], Iterable[Any]] | None = None

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="code", **kwargs)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        return list(super().clean(value))

    def options(self) -> list[tuple[str, str, str]]:
        """Codes and names in both languages for a box."""
        rows = self.offered() if self.offered else cast(Iterable[Any], self.queryset)
        return [(row.code, row.name, row.name_en) for row in rows]

    def label_from_instance(self, row: Any) -> str:
        return str(row.label)


class ManyWordsField(forms.Field):
    """Any words that a name or a number could be."""

    widget = ManyValues

    def clean(self, value: Any) -> list[str]:
        names = list(value or [])
        if any(not name.isprintable() or _is_too_big(name) for name in names):
            raise ValidationError(_("Enter names or numbers."))
        return names


def _is_too_big(name: str) -> bool:
    return name.isdigit() and (len(name) > 18 or not name.isascii())


class MomentField(forms.Field):
    """A moment (ISO 8601) or a day, which is its first moment in the company's zone."""

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        # A plus sign that was not encoded arrives as a space.
        found = _moment(text) or _moment("+".join(text.rsplit(" ", 1)))
        if found is None:
            raise ValidationError(_("Enter a date or a time as in 2026-11-22T08:00:00+08:00."))
        return found


def _moment(text: str) -> datetime | None:
    try:
        day: date | None = parse_date(text)
        found = datetime.combine(day, time()) if day else parse_datetime(text)
        aware = timezone.make_aware(found) if found and timezone.is_naive(found) else found
        return aware.astimezone(timezone.get_default_timezone()) if aware else None
    except (ValueError, OverflowError):
        return None


class Light(django_filters.Filter):
    """A filter that a set copies for itself, but for what it is made of, which never changes."""

    def __deepcopy__(self, memo: object) -> "Light":
        twin = copy(self)
        twin.method = self.method
        return twin


class Many(Light):
    """Rows whose field has one of the chosen values."""

    field_class = ManyChoicesField

    def __init__(self, field_name: str = "", **kwargs: Any) -> None:
        super().__init__(field_name, "in", **kwargs)


class Codes(Light):
    """Rows of a tree by their codes; the set gives the field its rows."""

    field_class = ManyCodesField


class Words(Light):
    field_class = ManyWordsField


class Moment(Light):
    field_class = MomentField


class SearchField(forms.CharField):
    """Words; at least one of them longer than a character."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and search.is_too_short(text):
            raise ValidationError(_("Enter at least two characters to search."))
        return text


class Search(Light):
    field_class = SearchField


class Whole(Light):
    field_class = forms.IntegerField


class OneOf(Light, django_filters.ChoiceFilter):
    pass


class ComplaintFilter(django_filters.FilterSet):
    """`ComplaintFilter(request.GET, person=…, now=…)`: `.qs` are the rows that the person sees.

    What is invalid is left out of `.qs` and named in `.errors`; `order` is the wanted order.
    """

    status = Many("status", choices=Status.choices, label=_("Status"))
    branch = Codes(method="of_branches", queryset=Branch.objects.none(), label=_("Branch"))
    category = Codes(method="of_categories", queryset=Category.objects.none(), label=_("Category"))
    severity = Many("severity", choices=Severity.choices, label=_("Severity"))
    channel = Many("channel", choices=Channel.choices, label=_("Channel"))
    tier = Many(
        method="of_standing", choices=[*Tier.choices, *Grade.choices], label=_("Tier or grade")
    )
    # Ids or user names; `me`, and `none` for complaints that have no handler.
    handler = Words(method="of_handlers", label=_("Handler"))
    milestone = Many(method="kept", choices=Milestone.choices, label=_("Clock"))
    verdict = Many(method="kept", choices=Verdict.choices, label=_("Verdict"))
    verdict_branch = Codes(
        method="kept", queryset=Branch.objects.none(), label=_("Owner at the deadline")
    )
    due_after = Moment(method="kept", label=_("Due from"))
    due_before = Moment(method="kept", label=_("Due before"))
    cycle = Whole(method="kept", min_value=1, max_value=99, label=_("Cycle"))
    all_four = Many(
        method="of_all_four",
        choices=((MET, _("All on time")), (MISSED, _("One or more overdue"))),
        label=_("The four clocks of cycle 1"),
    )
    challenge = OneOf(
        choices=((TO_ANSWER, _("Waits for an answer")),),
        method="of_challenge",
        label=_("Challenge"),
    )
    waiting = OneOf(method="waits", choices=WAITING, label=_("Waits for us"))
    exact = OneOf(
        choices=(("1", _("without what belongs to them")),),
        method="kept",
        label=_("Branches and categories"),
    )
    received_after = Moment(RECEIVED, "gte", label=_("Received from"))
    received_before = Moment(RECEIVED, "lt", label=_("Received before"))
    search = Search(method="found", max_length=100, label=_("Search"))
    through = OneOf(choices=THROUGH, method="kept", label=_("Why I see it"))
    ordering = OneOf(choices=ORDERINGS, method="kept", label=_("Order"))

    form_class: ClassVar[type[forms.Form] | None] = None

    def __init__(self, data: QueryDict | dict[str, Any], *, person: Person, now: datetime) -> None:
        super().__init__(data, queryset=Complaint.objects.none())
        self.person, self.now = person, now
        # Whether the words of the search are in very many complaints.
        self.is_common = False
        self.other_way: str | None = None
        self._below: dict[tuple[int, ...], list[int]] = {}
        fields: Any = self.form.fields
        fields["branch"].queryset = fields["verdict_branch"].queryset = branches(
            person, "branch.see"
        )
        fields["category"].queryset = self.categories = Category.objects.all()
        fields["category"].offered = lambda: self.categories
        fields["branch"].offered = partial(places, person, "branch.see")

    def get_form_class(self) -> type[forms.Form]:
        """Made once: every set has the same boxes, and each form copies them."""
        if ComplaintFilter.form_class is None:
            ComplaintFilter.form_class = super().get_form_class()
        return ComplaintFilter.form_class

    @property
    def order(self) -> str:
        """One of ORDERINGS; newest first, unless another was chosen."""
        return str(self._given("ordering") or f"-{RECEIVED}")

    def seen_through(self, name: str) -> "ComplaintFilter":
        """The same conditions, seen another way; their values are not read again."""
        twin = copy(self)
        twin.__dict__.pop("_qs", None)
        twin.other_way = name
        return twin

    def filter_queryset(self, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        seen = visible(Complaint, self.person, through=self._given("through") or None)
        rows: QuerySet[Complaint] = super().filter_queryset(seen)
        return self._by_timer(rows)

    def kept(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """A value that the set itself looks at."""
        return rows

    def of_branches(
        self, rows: QuerySet[Any], name: str, chosen: Iterable[Branch]
    ) -> QuerySet[Any]:
        """Of these branches: responsible, or in the list of what we took in."""
        field = "intake_branch" if self._given("through") == "intake_branch" else "branch"
        return rows.filter(**{f"{field}__in": self._meant(chosen)})

    def of_categories(
        self, rows: QuerySet[Any], name: str, chosen: Iterable[Category]
    ) -> QuerySet[Any]:
        """Of these categories and all below them; with `exact` of these alone."""
        wanted = {category.pk for category in chosen}
        if not wanted:
            return rows
        if self._given("exact"):
            return rows.filter(category__in=wanted)
        above = {row.pk: row.parent_id for row in self.categories}
        return rows.filter(category__in=[pk for pk in above if wanted & set(_upwards(pk, above))])

    def of_standing(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        return rows.filter(Q(customer__tier__in=values) | Q(customer__grade__in=values))

    def of_handlers(self, rows: QuerySet[Any], name: str, names: list[str]) -> QuerySet[Any]:
        mine = [self.person.pk] if ME in names else []
        ids = [int(name) for name in names if name.isascii() and name.isdigit()]
        found = Q(handler__in=mine + ids) | Q(handler__username__in=names)
        return rows.filter(found | Q(handler=None) if NOBODY in names else found)

    def of_all_four(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        """Their four first clocks are decided: all met, or one and more overdue (F-04)."""
        if not values:
            return rows
        decided = all_four.decided(rows, now=self.now)
        return decided.filter(is_broken__in=[value == MISSED for value in values])

    def of_challenge(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(open_challenges__gt=0) if value else rows

    def waits(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """For what the person is to do: what "my work" counts."""
        if not value:
            return rows
        if value == CHALLENGE:
            return rows.filter(pk__in=work.challenges_to_answer(self.person).values("complaint"))
        return rows.filter(pk__in=work.invalid_to_confirm(self.person).values("pk"))

    def found(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """A part of number, subject, text, waybill or name; a phone or its last four digits."""
        if not text:
            return rows
        found = search.matching(rows, text, are_few=sees_few(self.person, "complaint.see"))
        self.is_common = found.is_common
        return found.rows

    def _by_timer(self, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
        """Only complaints with one clock, of any cycle, that has all the wanted traits."""
        traits = {
            "kind__in": self._given("milestone"),
            "verdict__in": self._given("verdict"),
            "verdict_branch__in": self._meant(self._given("verdict_branch") or ()),
            "cycle": self._given("cycle"),
            "due_at__gte": self._given("due_after"),
            "due_at__lt": self._given("due_before"),
        }
        wanted = {name: value for name, value in traits.items() if value}
        if not wanted:
            return rows
        timers = Timer.objects.milestones().filter(complaint=OuterRef("pk"))
        return rows.filter(Exists(timers.with_verdict(self.now).filter(**wanted)))

    def _meant(self, chosen: Iterable[Branch]) -> list[int]:
        """The ids of these branches and of all below them; with `exact` of these alone."""
        if self._given("exact"):
            return [branch.pk for branch in chosen]
        key = tuple(branch.pk for branch in chosen)
        if key not in self._below:
            self._below[key] = below(chosen)
        return self._below[key]

    def _given(self, name: str) -> Any:
        """A valid value, or nothing."""
        if name == "through" and self.other_way is not None:
            return self.other_way
        self.is_valid()
        return self.form.cleaned_data.get(name)


def below(chosen: Iterable[Branch]) -> list[int]:
    """The ids of these branches and of all below them."""
    covered = Q(pk__in=())
    for branch in chosen:
        covered |= Q(path__startswith=branch.path)
    return list(Branch.objects.filter(covered).values_list("pk", flat=True))


def _upwards(pk: int, above: Mapping[int, int | None]) -> list[int]:
    """A category and those above it."""
    line = [pk]
    while (parent := above[line[-1]]) is not None and parent not in line:
        line.append(parent)
    return line
