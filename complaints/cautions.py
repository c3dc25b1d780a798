"""What a ladder should make its editor think twice about. Nothing here is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import policy_words
from complaints.actions.policies import Rule
from complaints.actions.rulebooks import in_order
from complaints.models import LadderStep
from complaints.previews import role_at_first
from organisation.models import Branch, Channel, Person
from organisation.roles import Holders, holders_of

# So many are named; the others are counted.
NAMED = 3


@dataclass(frozen=True)
class Caution:
    """`place` is the row in the ladder of `kind`, as given; None: the whole ladder."""

    kind: str
    place: int | None
    text: str

    @property
    def name(self) -> str:
        return policy_words.kind_name(self.kind)


def cautions(rule: Rule) -> list[Caution]:
    """In the order of the ladders; two queries."""
    kinds = policy_words.kinds_of(rule)
    branches = _branches(rule)
    known = holders_of(_roles(rule.steps))
    found = []
    for kind in kinds:
        steps = rule.steps.get(kind, [])
        if not steps:
            found.append(Caution(kind, None, _("Nobody is told about this clock.")))
        found += _out_of_order(kind, steps)
        for place, step in enumerate(steps):
            words = [*_unheld(step, branches, known), *_without_address(step, branches, known)]
            found += [Caution(kind, place, text) for text in words]
    return found


def _branches(rule: Rule) -> list[Branch]:
    """Where the policy may apply."""
    rows = Branch.objects.active()
    top = rule.revision.branch
    return list(rows.under(top) if top else rows)


def _roles(steps: Mapping[str, Iterable[LadderStep]]) -> set[str]:
    return {role_at_first(role) for rows in steps.values() for row in rows for role in row.roles}


def _out_of_order(kind: str, steps: list[LadderStep]) -> list[Caution]:
    places = {id(step): place for place, step in enumerate(steps)}
    text = _("This step speaks before the one above it; saving puts them in order.")
    return [
        Caution(kind, places[id(step)], text)
        for before, step in pairwise(steps)
        if in_order([before, step])[0] is not before
    ]


def _unheld(step: LadderStep, branches: list[Branch], known: Holders) -> list[str]:
    found = []
    for role in dict.fromkeys(role_at_first(role) for role in step.roles):
        empty = [branch.label for branch in branches if not known.nearest(branch, role)]
        if empty:
            found.append(
                _("Nobody is %(role)s at %(branches)s or above.")
                % {"role": policy_words.role_name(role), "branches": _some(empty)}
            )
    return found


def _without_address(step: LadderStep, branches: list[Branch], known: Holders) -> list[str]:
    if Channel.EMAIL not in step.channels:
        return []
    roles = {role_at_first(role) for role in step.roles}
    people: dict[int, Person] = {
        person.pk: person
        for branch in branches
        for role in roles
        for person in known.nearest(branch, role)
        if not person.email
    }
    if not people:
        return []
    names = _some(sorted(person.name for person in people.values()))
    if Channel.INBOX in step.channels:
        return [_("No e-mail address, told in the inbox only: %(names)s.") % {"names": names}]
    return [_("No e-mail address, so not told at all: %(names)s.") % {"names": names}]


def _some(names: list[str]) -> str:
    """The first few; the others as a number."""
    shown, others = names[:NAMED], len(names) - NAMED
    if others <= 0:
        return policy_words.listed(shown)
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", others) % {
        "names": policy_words.listed(shown),
        "count": others,
    }
