"""The service star of a quarter: an election by the customers who were served (T-11, F-20)."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import months
from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Period
from csm.kit.transitions import Moving
from customers.models import Customer
from organisation.models import Branch, Person, PublicLink
from organisation.models.branch import in_language
from organisation.scope import Scope
from staff.models.thanks import Thanks

# Of fewer who answered nobody is elected; they still say how far candidates differ at all (F-20).
FEWEST_ANSWERS = 10
# Also the name of the address that the link opens.
VOTE = "vote"


class StarStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of an election", "In preparation")
    OPEN = "open", pgettext_lazy("of an election", "Voting")
    COUNTED = "counted", pgettext_lazy("of an election", "Counted, to decide")
    ELECTED = "elected", pgettext_lazy("of an election", "Star elected")
    NOBODY = "nobody", pgettext_lazy("of an election", "Nobody elected")


_S = StarStatus
DECIDED = (_S.ELECTED, _S.NOBODY)
COUNTED = (_S.COUNTED, *DECIDED)


class Barrier(models.TextChoices):
    """Why a candidate cannot be elected."""

    FEW = "few", _("Fewer than 10 answers")
    LEFT = "left", _("Has left")
    WITHDRAWN = "withdrawn", pgettext_lazy("a candidate", "Withdrawn")
    LOWER = "lower", _("Others have a higher score")
    TIED = "tied", _("Same score, another was chosen")


class StarElection(Moving):
    """One quarter of one unit and all below it; elections of a quarter do not overlap.

    `ends_at`: from this moment on no vote is taken. Company-public for whoever sees incentives.
    """

    SCOPE: ClassVar = Scope(verb="incentive.see", branches=("branch",))
    MOVES: ClassVar = {
        _S.DRAFT: (_S.OPEN,),
        _S.OPEN: (_S.COUNTED,),
        _S.COUNTED: DECIDED,
    }

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="star_elections", verbose_name=_("unit")
    )
    quarter = models.CharField(_("quarter"), max_length=7)
    status = models.CharField(_("status"), max_length=8, choices=_S, default=_S.DRAFT)
    prize = models.CharField(_("prize"), max_length=200)
    # In yuan: taken from the award fund when the star is elected (O-17).
    prize_cost = models.DecimalField(
        _("cost for the award fund"), max_digits=10, decimal_places=2, default=0
    )
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    counted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("reason"), max_length=500, blank=True)
    # The prize: given to the star, and by whom it was noted.
    prize_given_on = models.DateField(_("handed over on"), null=True)
    prize_noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-quarter", "branch__path")
        constraints = (
            models.UniqueConstraint(fields=("quarter", "branch"), name="star_election_once"),
            models.CheckConstraint(condition=Q(prize_cost__gte=0), name="star_prize_not_negative"),
            models.CheckConstraint(
                condition=Q(quarter__regex=r"^[0-9]{4}-Q[1-4]$"), name="star_quarter_is_one"
            ),
            models.CheckConstraint(
                condition=Q(status=_S.DRAFT, opened_at__isnull=True)
                | (~Q(status=_S.DRAFT) & Q(opened_at__isnull=False, ends_at__gt=F("opened_at"))),
                name="star_opened_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=COUNTED, counted_at__gte=F("ends_at"))
                | (~Q(status__in=COUNTED) & Q(counted_at__isnull=True)),
                name="star_counted_after_its_end",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_at__isnull=False)
                | (~Q(status__in=DECIDED) & Q(decided_at__isnull=True)),
                name="star_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(opened_by__isnull=True)
                | ~Q(decided_by=F("opened_by")),
                name="star_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status=_S.NOBODY) | ~Q(decision=""), name="star_nobody_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(prize_given_on__isnull=True) | Q(status=_S.ELECTED),
                name="star_prize_for_a_star",
            ),
        )
        indexes = (
            # What the sweep looks at: a few rows.
            models.Index(fields=("ends_at",), condition=Q(status="open"), name="star_voting"),
        )

    def __str__(self) -> str:
        return f"{self.quarter} {self.branch_id}"

    @property
    def period(self) -> Period:
        return months.of_key(self.quarter, "quarter")

    @property
    def label(self) -> str:
        """The quarter in words."""
        return periods.label(self.period)

    @property
    def last_on(self) -> date:
        """The last day on which a vote is taken."""
        return timezone.localdate(self.ends_at - timedelta(seconds=1))

    @property
    def is_counted(self) -> bool:
        return self.status in COUNTED


class StarCandidate(models.Model):
    """Somebody with a story that customers read; from the opening on the database keeps it so.

    `branch`: its customers, and those of the branches below, may choose the person. The figures are
    those of the count (F-20): of `answered` customers who could choose this person `votes` did.
    """

    SCOPE: ClassVar = Scope(verb="star.nominate", branches=("branch",))

    election = models.ForeignKey(StarElection, models.CASCADE, related_name="candidates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="star_candidacies")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="star_candidates")
    story = models.TextField(_("story"), max_length=2000)
    story_en = models.TextField(_("story in English"), max_length=2000, blank=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="star_stories")
    thanks = models.ForeignKey(Thanks, models.PROTECT, null=True, related_name="star_stories")
    nominated_at = models.DateTimeField()
    nominated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    votes = models.PositiveIntegerField(null=True)
    answered = models.PositiveIntegerField(null=True)
    raw = models.FloatField(null=True)
    score = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    # As the decision found it.
    barrier = models.CharField(max_length=9, choices=Barrier, blank=True)
    is_elected = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("election", "person"), name="star_candidate_once"),
            models.UniqueConstraint(
                fields=("election",), condition=Q(is_elected=True), name="star_one_is_elected"
            ),
            models.CheckConstraint(
                condition=Q(nominated_by__isnull=True) | ~Q(nominated_by=F("person")),
                name="star_not_named_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(complaint__isnull=False) | Q(thanks__isnull=False),
                name="star_story_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="star_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(votes__isnull=True, answered__isnull=True)
                | Q(votes__isnull=False, answered__gte=F("votes")),
                name="star_votes_among_answers",
            ),
            models.CheckConstraint(
                condition=Q(is_elected=False)
                | Q(answered__gte=FEWEST_ANSWERS, barrier="", withdrawn_at__isnull=True),
                name="star_elected_by_enough",
            ),
        )

    def __str__(self) -> str:
        return f"{self.election_id} {self.person_id}"

    @property
    def story_label(self) -> str:
        """The story in the language of the page, as far as there is one."""
        return in_language(self.story, self.story_en)


class StarBallot(models.Model):
    """The one vote of a customer and an address in a quarter; the database keeps it as it is given.

    `candidates`: those whom the customer may choose, for they served at the places where the
    customer was served. `voted_at` without a `choice`: none of them. No page shows who chose whom.
    """

    election = models.ForeignKey(StarElection, models.PROTECT, related_name="ballots")
    quarter = models.CharField(max_length=7)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="star_ballots", db_index=False
    )
    candidates = ArrayField(models.BigIntegerField())
    address = models.EmailField()
    link = models.OneToOneField(PublicLink, models.PROTECT, null=True, related_name="star_ballot")
    sent_at = models.DateTimeField(null=True)
    voted_at = models.DateTimeField(null=True)
    choice = models.ForeignKey(
        StarCandidate, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "quarter"), name="star_one_vote_of_a_customer"
            ),
            models.UniqueConstraint(
                Lower("address"), "quarter", name="star_one_vote_of_an_address"
            ),
            models.CheckConstraint(
                condition=Q(link__isnull=True, sent_at__isnull=True)
                | Q(link__isnull=False, sent_at__isnull=False),
                name="star_link_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(choice__isnull=True) | Q(voted_at__isnull=False),
                name="star_choice_is_a_vote",
            ),
            models.CheckConstraint(
                condition=Q(voted_at__isnull=True) | Q(link__isnull=False),
                name="star_vote_by_link",
            ),
        )
        indexes = (
            models.Index(
                fields=("election", "id"), condition=Q(link__isnull=True), name="star_ballot_unsent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.election_id} {self.pk}"
