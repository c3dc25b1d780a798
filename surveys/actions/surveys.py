"""Surveys: prepared, opened, closed; a draft may be thrown away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation import letters
from organisation.access import require
from organisation.models import Branch, Person
from surveys.actions import facts
from surveys.frames import CALLED, PARTS, REACHED_BY
from surveys.models import (
    OPEN,
    SILENT,
    Edition,
    EditionStatus,
    Invitation,
    InvitationStatus,
    Method,
    Survey,
    SurveyStatus,
)

EDIT = "survey.edit"
# What is settled once customers are drawn.
SETTLED = frozenset(
    {"branch", "method", "frame", "stratum", "quotas", "margin", "size", "cool_down_days"}
    | {"after_closing"}
)

PLAIN = frozenset(
    {"name", "name_en", "method", "stratum", "margin", "size", "cool_down_days", "delay_hours"}
    | {"remind_every_days", "remind_at_most", "open_for_days"}
)


@transaction.atomic
def create(*, branch: Branch, edition: Edition, by: Person, now: datetime, **given: Any) -> Survey:
    """A survey in preparation, of a published edition."""
    require(by, EDIT, branch)
    survey = Survey(branch=branch, edition=edition, created_at=now, created_by=by, **given)
    check(survey, by)
    survey.save(force_insert=True)
    return survey


@transaction.atomic
def save(
    *, survey: Survey, by: Person, now: datetime, version: int | None = None, **given: Any
) -> None:
    """Change a survey in preparation; once it is drawn, only what the draw did not rest on."""
    require(by, EDIT, survey)
    _check_draft(survey)
    check_version(survey, version)
    changed = {name: value for name, value in given.items() if getattr(survey, name) != value}
    if survey.drawn_at and SETTLED & changed.keys():
        raise NotOpen(
            _("The sample is drawn: whom it asks stays as it is. Make another survey for others.")
        )
    wanted = Survey(**{**_fields(survey), **given})
    check(wanted, by)
    touch(survey, **changed)


def check(survey: Survey, by: Person) -> None:
    """Refuse what could not be run, naming the fields."""
    require(by, EDIT, survey.branch)
    problems = {name: words for name, is_wrong, words in _rules(survey) if is_wrong}
    if problems := _out_of_range(survey) | problems:
        raise Refused(next(iter(problems.values())), fields=problems)


def _out_of_range(survey: Survey) -> dict[str, str]:
    """Numbers and choices that their columns do not hold."""
    names = {field.name for field in survey._meta.concrete_fields}
    try:
        survey.clean_fields(exclude=names - PLAIN)
    except ValidationError as error:
        return {name: " ".join(words) for name, words in error.message_dict.items()}
    return {}


def _rules(survey: Survey) -> Iterator[tuple[str, bool, str]]:
    """Field, whether it is wrong, and what to do. The database refuses most of it, too."""
    edition, is_about_complaints = survey.edition, survey.opens_complaint or survey.after_closing
    yield "name", not survey.name.strip(), _("Give it a name.")
    yield "size", survey.size == 0, _("Nobody would be asked.")
    yield "remind_every_days", survey.remind_every_days == 0, _("Leave a day between reminders.")
    kept_by = edition.questionnaire.branch.path
    is_foreign = not survey.branch.path.startswith(kept_by)
    yield "edition", is_foreign, _("This questionnaire is kept by a unit that is not above yours.")
    is_published = edition.status == EditionStatus.PUBLISHED
    yield "edition", not is_published, _("Only a published questionnaire can be asked.")
    words = _("Choose the category of the complaints that it opens.")
    yield "category", survey.opens_complaint and survey.category is None, words
    words = _("What is asked about a complaint cannot be anonymous.")
    yield "is_anonymous", survey.is_anonymous and is_about_complaints, words
    words = _("After a complaint is closed it can be asked online or by phone.")
    yield "method", survey.after_closing and survey.method not in REACHED_BY, words
    yield (
        "quotas",
        bool(survey.quotas) and not survey.stratum,
        _("Quotas need strata: choose which."),
    )
    yield "frame", bool(set(survey.frame) - set(PARTS)), _("The frame names something unknown.")


@transaction.atomic
def open_(*, survey: Survey, by: Person, now: datetime, version: int | None = None) -> None:
    """Begin to ask: the invitations of the sample are due, the time to answer runs."""
    require(by, EDIT, survey)
    _check_draft(survey)
    check_version(survey, version)
    if survey.edition.status != EditionStatus.PUBLISHED:
        raise Refused(_("Its questionnaire is no longer in use. Choose another edition."))
    if survey.takes_sample and survey.drawn_at is None:
        raise Refused(_("Draw the sample first: nobody would be asked."))
    move(survey, to=SurveyStatus.OPEN, opened_at=now)
    drawn = Invitation.objects.filter(survey=survey, status=InvitationStatus.WAITING)
    drawn.update(**due(survey, now))


def due(survey: Survey, now: datetime) -> dict[str, Any]:
    """When an invitation of a running survey is sent or called, and when its time ends."""
    return {
        "next_message_at": now if survey.method == Method.ONLINE else None,
        "call_at": now if survey.method in CALLED else None,
        "expires_at": now + timedelta(days=survey.open_for_days),
    }


@transaction.atomic
def close(*, survey: Survey, by: Person, now: datetime, version: int | None = None) -> None:
    """Nobody is asked any more but what was put right; what is not answered ends here."""
    require(by, EDIT, survey)
    check_version(survey, version)
    move(survey, to=SurveyStatus.CLOSED, closed_at=now)
    left = Invitation.objects.filter(survey=survey, status__in=OPEN, again__isnull=True)
    left.update(status=InvitationStatus.EXPIRED, version=F("version") + 1, **SILENT)
    over = Invitation.objects.filter(survey=survey, status=InvitationStatus.EXPIRED)
    letters.take_back(over.values_list("link", flat=True))


@transaction.atomic
def delete(*, survey: Survey, by: Person, now: datetime, version: int | None = None) -> None:
    """Throw a draft away, with its sample: who was drawn may be drawn for another survey."""
    require(by, EDIT, survey)
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    _check_draft(held)
    check_version(held, version)
    facts.forgotten(held)
    held.delete()


def _check_draft(survey: Survey) -> None:
    if survey.status != SurveyStatus.DRAFT:
        raise NotOpen(_("This survey has begun and stays as it is. Close it, or make another one."))


def _fields(survey: Survey) -> dict[str, Any]:
    """All of a row, its foreign keys as objects that are read already."""
    names = (field.name for field in survey._meta.concrete_fields)
    return {name: getattr(survey, name) for name in names}
