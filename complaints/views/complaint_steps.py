"""What a person may do with a complaint now: its moves, and the pages beside it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.actions import waivers
from complaints.forms.moves import MoveForm
from complaints.models import Complaint, Phrase, Waiver
from complaints.views import offers, phrases
from complaints.views.complaint_reading import Reading
from complaints.views.offers import Move
from organisation.access import can, sees_everything
from organisation.models import Person

# What the customers of merged duplicates have to hear as well (`sla.md` rule 8).
SPOKEN = ("apologise", "answer")
# Rankings are counted above this room; the way there is a link.
DISPUTE = "period.dispute"


@dataclass(frozen=True)
class Step:
    """A move of the page with its form; a heavy one is read when it is unfolded."""

    move: Move
    form: MoveForm | None
    is_unfolded: bool
    # Said above the form, beside what every form of the move says.
    reminder: str = ""


@dataclass(frozen=True)
class Link:
    """A move that has a page of its own."""

    label: str
    url: str


class Steps(Reading):
    """The next step on the page of a complaint, and the others."""

    @cached_property
    def steps(self) -> list[Step]:
        moves = offers.offered(self.complaint, self.person, missing=self.missing)
        return [self._step(move) for move in moves]

    def _step(self, move: Move) -> Step:
        is_unfolded = self.unfolded == move.action
        is_later = move.form.is_heavy and not is_unfolded and not self.is_pane
        reminder = self.reminder if move.action in SPOKEN else ""
        return Step(move, None if is_later else self._form(move), is_unfolded, reminder)

    @property
    def reminder(self) -> str:
        """That others wait to hear it, too."""
        count = self.facts.duplicates
        words = ngettext(
            "%(count)d complaint was merged into this one: tell its customer, too.",
            "%(count)d complaints were merged into this one: tell their customers, too.",
            count,
        )
        return words % {"count": count} if count else ""

    @cached_property
    def main(self) -> Step | None:
        return next((step for step in self.steps if not step.move.is_rare), None)

    @property
    def other(self) -> list[Step]:
        return [step for step in self.steps if not step.move.is_rare and step is not self.main]

    @property
    def rare(self) -> list[Step]:
        return [step for step in self.steps if step.move.is_rare]

    @property
    def is_rare_unfolded(self) -> bool:
        return any(step.is_unfolded for step in self.rare)

    @property
    def has_others(self) -> bool:
        return bool(self.other or self.rare or self.links)

    @cached_property
    def main_link(self) -> Link | None:
        """The callback has a page of its own, the desk."""
        found = self.complaint
        if "callback" not in found.open_actions or not self._may("callback.record"):
            return None
        return Link(_("Record the callback"), reverse("callback", args=(found.number,)))

    @property
    def links(self) -> list[Link]:
        """The order is written on a page of its own."""
        if self.order is None:
            return []
        url = reverse("work-order", args=(self.order.pk,))
        return [Link(_("Rectification work order"), url)]

    @property
    def is_order_next(self) -> bool:
        """Whether the work order is the one thing to do."""
        if self.main or self.main_link or not self._may("work_order.write"):
            return False
        return self.may_draft or (self.order is not None and self.order.is_editable)

    @property
    def is_quiet(self) -> bool:
        """Whether the card has nothing else to say."""
        has_moves = self.steps or self.main_link or self.links or self.may_draft
        return not has_moves and not self.missing

    @property
    def may_draft(self) -> bool:
        is_open = self.order is None and "work-order" in self.complaint.open_actions
        return is_open and self._may("work_order.write")

    @property
    def may_dispute(self) -> bool:
        """Whether a branch of theirs may contest what rankings count of it."""
        is_apart = sees_everything(self.person, DISPUTE)
        return not is_apart and can(self.person, DISPUTE, self.complaint)

    @cached_property
    def waiver(self) -> Waiver | None:
        """The request that waits for a decision."""
        asked = self.complaint.waiver_asked_by_id
        return waivers.open_request(self.complaint) if asked else None

    @cached_property
    def note(self) -> Step | None:
        return self._apart("note")

    @cached_property
    def attach(self) -> Step | None:
        return self._apart("attach")

    def _apart(self, action: str) -> Step | None:
        move = offers.MOVES[action]
        if not offers.is_open(move, self.complaint, self.person):
            return None
        return Step(move, self._form(move), self.unfolded == action)

    def _form(self, move: Move) -> MoveForm:
        if self.refused and self.refused[0] == move.action:
            return self.refused[1]
        return form_of(move, self.complaint, self.person)

    @cached_property
    def phrases(self) -> list[Phrase]:
        """The canned replies to choose from."""
        return phrases.offered(self.person, self.complaint)


def form_of(move: Move, complaint: Complaint, person: Person, *data: Any, **more: Any) -> MoveForm:
    """The form of a move; ids carry its name, since a page has several forms."""
    auto_id = f"{move.action}_%s"
    return move.form(*data, complaint=complaint, person=person, auto_id=auto_id, **more)
