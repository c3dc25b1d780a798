"""Many messages in one mail that can still be read: the worst in full, the others counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings

from organisation.models import Importance, Message
from organisation.texts import Text, render

# So many messages stand in a mail in full.
SHOWN = 50
# Messages about a promise come before the others of their importance, in the order of the promises.
MILESTONES = ("apology", "result", "work_order", "callback")


@dataclass(frozen=True)
class Group:
    """Messages of one importance about one promise (empty: about none); `count` is all of them."""

    importance: Importance
    milestone: str
    count: int
    lines: list[tuple[int, Text]]


@dataclass(frozen=True)
class Digest:
    """`more` is how many are counted only."""

    groups: list[Group]
    more: int

    @property
    def worst(self) -> Text:
        return self.groups[0].lines[0][1]


def fold(rows: Sequence[Message]) -> Digest:
    """The messages of one mail, worst first, in the active language."""
    groups, number = [], 0
    for (importance, milestone), found in groupby(sorted(rows, key=_rank), key=_group):
        members = list(found)
        shown = members[: SHOWN - number]
        lines = [
            (number + place, render(row, base_url=settings.BASE_URL))
            for place, row in enumerate(shown, start=1)
        ]
        groups.append(Group(Importance(importance), milestone, len(members), lines))
        number += len(shown)
    return Digest(groups, more=len(rows) - number)


def _group(row: Message) -> tuple[int, str]:
    milestone = row.context.get("milestone", "")
    return row.importance, milestone if milestone in MILESTONES else ""


def _rank(row: Message) -> tuple[object, ...]:
    importance, milestone = _group(row)
    place = MILESTONES.index(milestone) if milestone else len(MILESTONES)
    return -importance, place, row.created_at, row.pk
