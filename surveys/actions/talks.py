"""Notes of a talk with somebody who was not drawn: an interview, a focus group (S-01, S-06)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from customers.models import Customer
from organisation.access import require
from organisation.models import Person
from surveys.models import Invitation, Method, Survey, SurveyStatus

ENTER = "survey.enter"
TALKED = (Method.INTERVIEW, Method.GROUP)


@transaction.atomic
def invite(*, survey: Survey, customer: Customer, by: Person, now: datetime) -> Invitation:
    """The customer's place in the survey, whether drawn or not; nothing is sent."""
    check_open(survey)
    require(by, ENTER, customer.home_branch)
    if not customer.home_branch.path.startswith(survey.branch.path):
        words = _("This survey asks customers of another unit.")
        raise Refused.at("customer", words)
    if customer.declines_surveys_at:
        words = _("This customer does not wish to be asked.")
        raise Refused.at("customer", words)
    made, _is_new = Invitation.objects.get_or_create(
        survey=survey,
        customer=customer,
        complaint=None,
        again=None,
        defaults={
            "branch": customer.home_branch,
            "tier": customer.tier,
            "grade": customer.grade,
            "stage": customer.stage,
            "created_at": now,
            "expires_at": now + timedelta(days=survey.open_for_days),
        },
    )
    return made


def check_open(survey: Survey) -> None:
    if survey.method not in TALKED:
        raise NotOpen(_("Notes of talks belong to interviews and focus groups."))
    if survey.status != SurveyStatus.OPEN:
        raise NotOpen(_("This survey is over. Thank you for your interest."))
