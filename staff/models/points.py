"""The ledger of points (F-21): what is earned by outcomes that customers confirm."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation.models import Branch, Person
from organisation.models.branch import in_language
from organisation.scope import Scope


class Trigger(models.TextChoices):
    """What a rule rewards. Only `BY_HAND` waits for a manager; the others are found by sweeps."""

    CALLBACK = "callback", _("Customer satisfied at the callback")
    THANKS = "thanks", _("Thanked by a customer who gave the best score")
    ORDER = "order", _("Work order confirmed the first time")
    INNOVATION = "innovation", _("Innovation award")
    STAR = "star", _("Service star")
    ASSESSMENT = "assessment", _("Decided assessment")
    BY_HAND = "by-hand", _("Given by a manager, with a reason")


class CapPeriod(models.TextChoices):
    MONTH = "month", _("per month")
    QUARTER = "quarter", _("per quarter")
    YEAR = "year", _("per year")


class SourceKind(models.TextChoices):
    """What an entry was written for; `source_id` is the key of that row."""

    CALLBACK = "callback", _("Callback")
    THANKS = "thanks", _("Thanks")
    ORDER = "order", _("Work order")
    INNOVATION = "innovation", _("Innovation award")
    STAR = "star", _("Service star")
    ASSESSMENT = "assessment", _("Assessment")
    BY_HAND = "by-hand", _("By hand")
    REDEMPTION = "redemption", _("Redemption")


class PointRule(models.Model):
    """One rule; what it gives stands in its revisions. One that has been used stays."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    trigger = models.CharField(_("what it rewards"), max_length=10, choices=Trigger)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class PointRuleRevisionQuerySet(models.QuerySet["PointRuleRevision"]):
    def newest(self) -> "PointRuleRevisionQuerySet":
        """What each rule gives now, in their order."""
        found = self.order_by("rule_id", "-number").distinct("rule_id").values("pk")
        return self.filter(pk__in=found).order_by("rule__code")


class PointRuleRevision(models.Model):
    """One state of a rule. The database refuses to change it: an edit makes the next revision.

    It holds for what happened from `created_at` on. `points` below zero are deductions. `cap`: the
    most that one person gets by this rule in a `cap_period`, in points; empty is no cap. `cites`:
    the rule of the company that it follows, article and all (T-15).
    """

    rule = models.ForeignKey(PointRule, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    points = models.IntegerField(_("points"))
    cap = models.PositiveIntegerField(_("most points of one person"), null=True, blank=True)
    cap_period = models.CharField(
        _("counted"), max_length=7, choices=CapPeriod, default=CapPeriod.MONTH
    )
    needs_evidence = models.BooleanField(
        _("a complaint or work order must be named"), default=False
    )
    cites = models.CharField(
        _("company rule that it follows"), max_length=120, blank=True, db_default=""
    )
    is_on = models.BooleanField(_("switched on"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = PointRuleRevisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rule", "number"), name="point_rule_revision_once"),
            models.CheckConstraint(
                condition=Q(points__range=(-1000, 1000)) & ~Q(points=0),
                name="point_rule_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(points__gt=0, cap__gte=F("points")),
                name="point_rule_cap_holds_one",
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class PointEntry(models.Model):
    """One line of the ledger: append-only by trigger, corrected by an opposite entry only.

    `earned_on` is the company's day on which the source happened: periods and caps go by it.
    A redemption follows no rule. `branch` is the person's at that time. `evidence` is the number of
    the complaint or work order that a manager named.
    """

    SCOPE: ClassVar = Scope(verb="points.see", branches=("branch",), people=("person",))

    person = models.ForeignKey(Person, models.PROTECT, related_name="point_entries", db_index=False)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(
        PointRule, models.PROTECT, null=True, related_name="entries", db_index=False
    )
    revision = models.ForeignKey(
        PointRuleRevision, models.PROTECT, null=True, related_name="entries", db_index=False
    )
    points = models.IntegerField(_("points"))
    source_kind = models.CharField(max_length=10, choices=SourceKind)
    source_id = models.BigIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    evidence = models.CharField(_("evidence"), max_length=40, blank=True, db_default="")
    earned_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "source_kind", "source_id"),
                condition=Q(reverses__isnull=True),
                name="points_once_per_source",
            ),
            # A redemption has no rule to be found by.
            models.UniqueConstraint(
                fields=("source_id",),
                condition=Q(source_kind="redemption", reverses__isnull=True),
                name="points_once_per_redemption",
            ),
            models.CheckConstraint(condition=~Q(points=0), name="points_are_something"),
            models.CheckConstraint(
                condition=Q(source_kind="redemption", rule__isnull=True, revision__isnull=True)
                | (~Q(source_kind="redemption") & Q(rule__isnull=False, revision__isnull=False)),
                name="points_follow_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(source_kind="redemption") | ~Q(reason=""),
                name="points_by_hand_have_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(source_kind="redemption") | ~Q(by=F("person")),
                name="points_not_for_oneself",
            ),
        )
        indexes = (
            # The statement: one person, newest first.
            models.Index(fields=("person", "-id"), name="points_of_person"),
            # The leaderboard: one period of some branches, without reading the entries themselves.
            models.Index(
                fields=("earned_on", "branch"),
                include=("person", "points"),
                condition=~Q(source_kind="redemption"),
                name="points_by_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.points:+d}"

    @property
    def label(self) -> str:
        """For what, in the language of the page; needs `revision`."""
        return entry_label(str(self.revision or ""), self.source_kind, self.reverses_id)


def entry_label(rule: str, source_kind: str, reverses: int | None) -> str:
    """For what an entry was written, by the name of its rule, if it follows one."""
    what = rule or str(SourceKind(source_kind).label)
    if reverses is None:
        return what
    if source_kind == SourceKind.REDEMPTION:
        return gettext("Given back: %(what)s") % {"what": what}
    return gettext("Taken back: %(what)s") % {"what": what}


class PointAccount(models.Model):
    """The balance of one person, kept by the database itself: it is always the sum of the entries.

    `is_shown`: whether the name stands on leaderboards; each person says so for themselves.
    """

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="point_account"
    )
    balance = models.BigIntegerField(_("balance"), default=0)
    is_shown = models.BooleanField(_("my name on leaderboards"), default=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.balance}"
