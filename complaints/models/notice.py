"""The notice (通报): what went wrong, told to every branch that it names (C-11, R-03)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.numbering import NUMBER_IS_WHOLE, DocumentKind, Numbered
from complaints.models.work_order import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope


class NoticeStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONSULTING = "consulting", _("Asking for opinions")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


AT_WORK = (NoticeStatus.DRAFT, NoticeStatus.CONSULTING)
OPEN_ACTIONS: dict[str, tuple[str, ...]] = {
    NoticeStatus.DRAFT: ("save", "consult", "publish", "withdraw"),
    NoticeStatus.CONSULTING: ("save", "consult", "opinion", "publish", "withdraw"),
    NoticeStatus.PUBLISHED: ("acknowledge", "correct", "withdraw"),
    NoticeStatus.WITHDRAWN: (),
}


class Notice(Moving, Numbered):
    """One notice. Drafted by a person, or by the clock (C-10): then it names the timer."""

    KIND: ClassVar = DocumentKind.NOTICE
    PAGE: ClassVar = "notice"
    # A draft is seen by the issuing unit and by those asked; a named branch gets its copy later.
    SCOPE: ClassVar = Scope(
        verb="notice.see", branches=("issuing_branch", "opinions__branch", "copies__branch")
    )
    MOVES: ClassVar = {
        NoticeStatus.DRAFT: (
            NoticeStatus.CONSULTING,
            NoticeStatus.PUBLISHED,
            NoticeStatus.WITHDRAWN,
        ),
        NoticeStatus.CONSULTING: (NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN),
        NoticeStatus.PUBLISHED: (NoticeStatus.WITHDRAWN,),
    }

    status = models.CharField(
        _("status"), max_length=12, choices=NoticeStatus, default=NoticeStatus.DRAFT
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=10_000, blank=True)
    issuing_branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", verbose_name=_("issuing unit")
    )
    addressees = models.ManyToManyField(Branch, related_name="+", verbose_name=_("addressees"))
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    work_order = models.ForeignKey(
        WorkOrder, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    # Set where the clock drafted it; unique, so that it does so once.
    timer = models.OneToOneField(
        "complaints.Timer", models.PROTECT, null=True, related_name="notice_drafted"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    consulted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawal_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("year", "sequence"), name="notice_number_once"),
            models.CheckConstraint(condition=NUMBER_IS_WHOLE, name="notice_number_whole"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "consulting"), published_at__isnull=True)
                | Q(status="published", published_at__isnull=False, number__isnull=False)
                | Q(status="withdrawn"),
                name="notice_published_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="notice_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | (~Q(title="") & ~Q(text="")),
                name="notice_published_has_words",
            ),
            models.UniqueConstraint(
                fields=("corrects",),
                condition=Q(status__in=("draft", "consulting")),
                name="notice_one_correction_at_work",
            ),
        )
        indexes = (models.Index(fields=("status", "-created_at"), name="notice_by_status"),)

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def is_at_work(self) -> bool:
        """Not published yet, and not given up."""
        return self.status in AT_WORK

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return list(OPEN_ACTIONS[self.status])


class NoticeCopy(models.Model):
    """A published notice in the hands of a branch that it names; the branch is to acknowledge it.

    Written with the publication: until then a branch that is only named sees nothing.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="copies")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("branch__path",)
        constraints = (
            models.UniqueConstraint(fields=("notice", "branch"), name="notice_copy_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="notice_copy_acknowledged",
            ),
        )
        indexes = (
            models.Index(
                fields=("branch",),
                condition=Q(acknowledged_at__isnull=True),
                name="notice_copy_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.branch_id}"

    @property
    def read(self) -> "Reading | None":
        """Who read it first, where that was read along."""
        return getattr(self, "reading", None)


class Reading(models.Model):
    """Who of a branch opened its notice first. A look, no act: apart from what acts write."""

    copy = models.OneToOneField(NoticeCopy, models.CASCADE, related_name="reading")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.copy_id} {self.at}"


class Opinion(models.Model):
    """What a unit says before publication; silence after the deadline counts as no opinion."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="opinions")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("answer until"))
    text = models.TextField(_("opinion"), max_length=5000, blank=True)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("branch__path",)
        constraints = (
            models.UniqueConstraint(fields=("notice", "branch"), name="opinion_once"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, given_by__isnull=True, text="")
                | (Q(given_at__isnull=False, given_by__isnull=False) & ~Q(text="")),
                name="opinion_given_whole",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True) | Q(given_at__lte=models.F("due_at")),
                name="opinion_given_in_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.branch_id}"
