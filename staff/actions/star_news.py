"""What an election tells: whom it waits for, and who was elected."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from organisation import outbox
from organisation.access import ROLE_VERBS
from organisation.models import Importance, Person
from organisation.texts import named
from staff.models import StarCandidate, StarElection
from staff.terms import term

DECIDE = "star.decide"
DECIDING = [role for role, verbs in ROLE_VERBS.items() if DECIDE in verbs]


def tell_deciders(election: StarElection, *, now: datetime) -> None:
    """The count is there: those who may decide about it hear, but for who opened it."""
    people = Person.objects.filter(
        is_active=True,
        postings__role__in=DECIDING,
        postings__branch__in=election.branch.ancestor_ids,
    )
    outbox.put(
        key=f"star:{election.pk}:counted",
        to=people.distinct(),
        text="star_counted",
        context=context_of(election),
        importance=Importance.REMINDER,
        path=_path(election),
        apart_from=election.opened_by,
        now=now,
    )


def tell_elected(election: StarElection, star: StarCandidate, *, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"star:{election.pk}:elected",
        to=[star.person, star.nominated_by, election.created_by],
        text="star_elected",
        context=context_of(election) | {"person": star.person.name, "prize": election.prize},
        path=_path(election),
        apart_from=by,
        now=now,
    )


def context_of(election: StarElection) -> dict[str, Any]:
    """What messages and letters say of an election: its quarter and unit, in both languages."""
    branch = election.branch
    return {
        "term": term(election.period),
        "branch": named(branch),
    }


def _path(election: StarElection) -> str:
    return reverse("star", args=[election.pk])
