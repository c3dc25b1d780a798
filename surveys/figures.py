"""How a survey stands: invitations by status, response rate, precision reached (F-17)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from csm.kit.statistics import margin_of, response_rate
from organisation.access import visible
from organisation.models import Delivery, Letter, Person
from surveys.models import Invitation, InvitationStatus, Survey

_S = InvitationStatus
# Whoever answered, opened it or could not be reached was invited, whenever the message left.
INVITED = Q(sent_at__isnull=False) | Q(
    status__in=(_S.OPENED, _S.PARTIAL, _S.COMPLETE, _S.UNDELIVERABLE)
)


@dataclass(frozen=True)
class Standing:
    """Numbers of invitations; shares are 0…1, None while there is nothing to share."""

    by_status: dict[str, int]
    invited: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def complete(self) -> int:
        return self.by_status.get(_S.COMPLETE, 0)

    @property
    def begun(self) -> int:
        """Complete and partial ones."""
        return self.complete + self.by_status.get(_S.PARTIAL, 0)

    @property
    def undeliverable(self) -> int:
        return self.by_status.get(_S.UNDELIVERABLE, 0)

    @property
    def reached(self) -> int:
        return self.invited - self.undeliverable

    @property
    def rate(self) -> float | None:
        return response_rate(self.complete, self.invited, self.undeliverable)

    @property
    def rate_with_partial(self) -> float | None:
        return response_rate(self.begun, self.invited, self.undeliverable)

    def margin(self, frame_size: int | None) -> float | None:
        """To ± how much the answers know a share of the frame."""
        return margin_of(self.complete, frame_size) if frame_size else None


@dataclass(frozen=True)
class Funnel:
    """Of the invitations by letter that the person sees, how many came so far at least."""

    sent: int
    delivered: int
    opened: int
    begun: int
    complete: int


def funnel(survey: Survey, person: Person) -> Funnel:
    """One query. Delivered: a mail server took the invitation, or it was opened some other way."""
    taken = Exists(Letter.objects.filter(link=OuterRef("link"), state=Delivery.SENT))
    came = {
        "complete": Q(status=_S.COMPLETE) | Q(response__completed_at__isnull=False),
        "begun": Q(status__in=(_S.PARTIAL, _S.COMPLETE)) | Q(response__isnull=False),
    }
    came["opened"] = came["begun"] | Q(opened_at__isnull=False)
    came["delivered"] = came["opened"] | (taken & ~Q(status=_S.UNDELIVERABLE))
    came["sent"] = came["delivered"] | INVITED
    rows = visible(Invitation, person).filter(survey=survey, again=None).order_by()
    return Funnel(**rows.aggregate(**{name: Count("pk", filter=far) for name, far in came.items()}))


def standings(surveys: Sequence[Survey], person: Person) -> dict[int, Standing]:
    """By survey, of the invitations that the person sees; one query, however many.

    What is asked again after an order is no part of the sample, nor of its rate.
    """
    keys = [survey.pk for survey in surveys]
    rows = (
        visible(Invitation, person)
        .filter(survey__in=keys, again=None)
        .order_by()
        .values_list("survey", "status")
        .annotate(n=Count("pk"), asked=Count("pk", filter=INVITED))
    )
    counts: dict[int, dict[str, int]] = {}
    invited: dict[int, int] = {}
    for survey, status, count, asked in rows:
        counts.setdefault(survey, {})[status] = count
        invited[survey] = invited.get(survey, 0) + asked
    return {pk: Standing(counts.get(pk, {}), invited.get(pk, 0)) for pk in keys}
