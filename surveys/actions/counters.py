"""QR codes that hang at counters: whoever scans one answers without an invitation (S-01)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation.access import require
from organisation.actions import tokens
from organisation.models import Branch, Person
from surveys.models import COUNTER, Counter, Method, Survey, SurveyStatus

EDIT = "survey.edit"
# Paper hangs for long.
LIFE = timedelta(days=730)
METHODS = (Method.ONLINE, Method.INTERCEPT)


@transaction.atomic
def hang(*, survey: Survey, branch: Branch, place: str, by: Person, now: datetime) -> Counter:
    """A code for one place of a branch of the survey's unit."""
    require(by, EDIT, survey)
    if survey.method not in METHODS or survey.after_closing:
        raise NotOpen(_("Nobody answers this survey at a counter."))
    if survey.status == SurveyStatus.CLOSED:
        raise NotOpen(_("This survey is closed."))
    place = place.strip()
    if not place:
        raise Refused.at("place", _("Say where it hangs."))
    if not branch.path.startswith(survey.branch.path):
        raise Refused.at("branch", _("This branch is not below the issuing unit."))
    # Two at once: the second one waits here, and then finds the first.
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    if Counter.objects.filter(survey=survey, branch=branch, place=place).exists():
        raise Refused.at("place", _("A code hangs there already."))
    link = tokens.issue_link(purpose=COUNTER, life=LIFE, now=now)
    return Counter.objects.create(
        survey=survey, branch=branch, place=place, link=link, created_at=now, created_by=by
    )


@transaction.atomic
def take_down(*, counter: Counter, by: Person, now: datetime) -> None:
    """The code opens nothing any more; its answers stay. Twice changes nothing."""
    require(by, EDIT, counter.survey)
    tokens.revoke_link(link=counter.link, now=now)
