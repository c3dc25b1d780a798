"""Candidates of an election and their stories (T-11)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Complaint
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import locked
from organisation.access import require, visible
from organisation.models import Branch, Person
from staff.actions.star_news import DECIDE
from staff.masked import names_in
from staff.models import DECIDED, StarCandidate, StarElection, StarStatus, Thanks

NOMINATE = "star.nominate"
# The votes of a branch's customers are shared by its candidates.
MOST_OF_A_BRANCH = 3


@transaction.atomic
def nominate(
    *,
    election: StarElection,
    person: Person,
    branch: Branch,
    by: Person | None,
    now: datetime,
    **said: Any,
) -> StarCandidate:
    """Somebody who works at the branch, with a story that a complaint or thanks bear out.

    `said`: `story`, `story_en`, `complaint`, `thanks`. Names of the customer, numbers and addresses
    in the story are masked before it is kept.
    """
    require(by, NOMINATE, branch)
    election = _draft(election)
    _check_person(election, person, branch, by)
    others = StarCandidate.objects.filter(election=election)
    if others.filter(person=person).exists():
        raise Refused.at("person", _("This person is a candidate already."))
    if others.filter(branch=branch).count() >= MOST_OF_A_BRANCH:
        words = _("A branch has three candidates at most: its customers share their votes.")
        raise Refused.at("branch", words)
    return StarCandidate.objects.create(
        election=election,
        person=person,
        branch=branch,
        nominated_by=by,
        nominated_at=now,
        **_story(branch, person, by, **said),
    )


@transaction.atomic
def retell(*, candidate: StarCandidate, by: Person | None, now: datetime, **said: Any) -> None:
    """Another story, before the voting begins."""
    require(by, NOMINATE, candidate)
    _draft(candidate.election)
    if by is not None and by.pk == candidate.person_id:
        raise Refused.at("story", _("Somebody else tells your story."))
    _check_no_rival(candidate, by)
    story = _story(candidate.branch, candidate.person, by, **said)
    StarCandidate.objects.filter(pk=candidate.pk).update(**story)
    for name, value in story.items():
        setattr(candidate, name, value)


@transaction.atomic
def withdraw(*, candidate: StarCandidate, reason: str, by: Person | None, now: datetime) -> None:
    """Take a candidate out: with the story before the voting, with a reason until it is decided.

    Votes that were given stay, and cannot elect the person any more. Once they are counted, only
    who decides may: whoever has read the figures does not choose among them like this.
    """
    [election] = locked(StarElection.objects.filter(pk=candidate.election_id))
    require(by, DECIDE if election.is_counted else NOMINATE, candidate)
    _check_no_rival(candidate, by)
    if by is not None and election.is_counted and by.pk == election.opened_by_id:
        raise Forbidden(_("Somebody else decides: you opened this election."))
    if election.status == StarStatus.DRAFT:
        candidate.delete()
        return
    if election.status in DECIDED:
        raise NotOpen(_("It is decided: the result stays as it is."))
    reason = reason.strip()
    if not reason:
        raise Refused.at("reason", _("Say why: the reason is published with the result."))
    rows = StarCandidate.objects.filter(pk=candidate.pk, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason):
        raise NotOpen(_("This candidate is withdrawn already."))


def _check_no_rival(candidate: StarCandidate, by: Person | None) -> None:
    """Whoever is a candidate leaves the others as they are."""
    others = StarCandidate.objects.filter(election=candidate.election_id).exclude(pk=candidate.pk)
    if by is not None and others.filter(person=by).exists():
        raise Forbidden(_("Somebody else does this: you are a candidate yourself."))


def _story(
    branch: Branch,
    person: Person,
    by: Person | None,
    *,
    story: str,
    story_en: str = "",
    complaint: Complaint | None = None,
    thanks: Thanks | None = None,
) -> dict[str, Any]:
    if not story.strip():
        raise Refused.at("story", _("Tell what the person did: customers choose by it."))
    if complaint is None and thanks is None:
        raise Refused.at("complaint", _("Name the complaint or the thanks that bears it out."))
    _check_complaint(branch, by, complaint)
    if thanks is not None and thanks.person_id != person.pk:
        raise Refused.at("thanks", _("These thanks are for somebody else."))
    if thanks is not None and thanks.withdrawn_at is not None:
        raise Refused.at("thanks", _("These thanks were withdrawn."))
    names = names_in(
        f"{story}\n{story_en}",
        about=complaint or _complaint_of(thanks),
        hidden=_answered_by(thanks),
        keeps_colleagues=True,
    )
    return {
        "story": names.mask(story.strip()),
        "story_en": names.mask(story_en.strip()),
        "complaint": complaint,
        "thanks": thanks,
    }


def _check_complaint(branch: Branch, by: Person | None, complaint: Complaint | None) -> None:
    if complaint is None:
        return
    seen = by is None or visible(Complaint, by).filter(pk=complaint.pk).exists()
    if not seen or not complaint.branch.path.startswith(branch.path):
        words = _("No complaint of this number was handled at this branch.")
        raise Refused.at("complaint", words)


def _complaint_of(thanks: Thanks | None) -> Complaint | None:
    return thanks.callback.complaint if thanks is not None and thanks.callback else None


def _answered_by(thanks: Thanks | None) -> list[str]:
    """Who thanked in a survey."""
    answer = thanks.answer if thanks is not None else None
    customer = answer.response.customer if answer is not None else None
    return [customer.name] if customer is not None else []


def _draft(election: StarElection) -> StarElection:
    """Held: an election that is opened meanwhile is not a draft any more."""
    [held] = locked(StarElection.objects.filter(pk=election.pk).select_related("branch"))
    if held.status != StarStatus.DRAFT:
        raise NotOpen(_("Customers were asked already: stories stay as they are."))
    return held


def _check_person(
    election: StarElection, person: Person, branch: Branch, by: Person | None
) -> None:
    if not branch.path.startswith(election.branch.path):
        raise Refused.at("branch", _("This branch does not belong to the unit that elects."))
    if by is not None and by.pk == person.pk:
        raise Refused.at("person", _("Nobody puts themselves up."))
    if not person.is_active:
        raise Refused.at("person", _("This person has left."))
    if not person.postings.filter(branch__path__startswith=branch.path).exists():
        raise Refused.at("person", _("This person does not work there."))
