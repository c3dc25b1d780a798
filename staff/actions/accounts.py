"""Deciding on account managers, once per quarter, with grounds (T-20)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.periods import Period
from organisation import outbox
from organisation.access import require
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders
from staff.models import AccountReview, ReviewOutcome
from staff.models.accounts import DECIDE
from staff.terms import term


@transaction.atomic
def decide(
    *,
    person: Person,
    branch: Branch,
    period: Period,
    figures: Mapping[str, object],
    outcome: str,
    grounds: str,
    by: Person,
    now: datetime,
    development: str = "",
) -> AccountReview:
    """Final: the figures of the quarter are kept with it; the person and their manager hear."""
    require(by, DECIDE, branch)
    if by.pk == person.pk:
        raise Forbidden(_("Nobody decides about themselves."))
    if not period.has_ended(now):
        raise NotOpen(_("The quarter has not ended yet."))
    if not person.postings.filter(branch=branch, role=Role.ACCOUNT_MANAGER).exists():
        raise Refused.at("person", _("This person is no account manager there."))
    if outcome not in ReviewOutcome.values:
        raise Refused.at("outcome", _("Choose the decision."))
    if not grounds.strip():
        raise Refused.at("grounds", _("Say on what grounds: the person reads them."))
    if outcome == ReviewOutcome.DEVELOPED and not development.strip():
        raise Refused.at("development", _("Say what is to be developed."))
    try:
        with transaction.atomic():
            made = AccountReview.objects.create(
                person=person,
                branch=branch,
                period=period.key,
                outcome=outcome,
                grounds=grounds,
                development=development,
                figures=dict(figures),
                decided_by=by,
                decided_at=now,
            )
    except IntegrityError as error:
        raise NotOpen(_("This quarter was decided already.")) from error
    outbox.put(
        key=f"account-review:{made.pk}",
        to=[person, *holders(branch, Role.BRANCH_MANAGER)],
        text="account_reviewed",
        context={"name": person.name, "term": term(period), "outcome": outcome, "by": by.name},
        importance=Importance.REMINDER,
        path=f"/staff/account-managers/reviews/{made.pk}/",
        now=now,
        apart_from=by,
    )
    return made
