"""What people say in a story, in its language."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from complaints.actions.accountability import Line
from complaints.actions.measures import Given
from complaints.actions.order_rows import Analysis, Entry, Proof, Relief
from complaints.models import MeasureGroup
from reports.demo.data import table


@dataclass(frozen=True)
class Words:
    """Chooses sentences and fills in the facts of one story."""

    rng: random.Random
    language: str
    category: str
    case: Mapping[str, str]
    facts: Mapping[str, object]

    def say(self, name: str, **more: object) -> str:
        """One of the sentences of that name, such as "apology" or "notes"."""
        return self._pick(self._table[name], **more)

    def about(self, name: str) -> str:
        """What this complaint says: its "subject", "story" or "result"."""
        return str(self.case[name]).format(**self.facts)

    def beginning(self, occurred_at: datetime, now: datetime) -> dict[str, Any]:
        """What a handler writes first on a work order; all of it happened before `now`."""
        return {
            "title_subject": self._order("subject_line"),
            "title_nature": self._table["categories"][self.category]["nature"],
            "title_content": self.about("content"),
            "occurred_at": occurred_at,
            "place": self._order("place"),
            "involved": self._order("involved"),
            "course": (
                Entry(occurred_at, self._order("place"), self._order("course")),
                Entry(now, "", self._order("found")),
            ),
        }

    def rest(self, now: datetime, *, is_done: bool) -> dict[str, Any]:
        """The sections that make a work order complete; `is_done` adds the effect (W-08)."""
        sections: dict[str, Any] = {
            "causes": (self._cause(),),
            "emergency_measures": (Relief(now, self._order("emergency")),),
            "promised_on": self._promise(now),
        }
        if is_done:
            sections |= {"effect_report": self._order("effect"), "is_customer_satisfied": True}
        return sections

    def answering(self, manager: int, supplier: int) -> tuple[Line, ...]:
        """Who answers for it (C-28): one of ours, and perhaps a supplier."""
        ours = Line("manager", manager, None, self._order("failing"), self._order("internal"))
        consequence = self._order("supplier")
        theirs = Line("supplier", None, supplier, self._order("carrying"), consequence)
        return (ours, theirs) if consequence else (ours,)

    def _cause(self) -> Analysis:
        """With its whys, the record that proves it, and who saw it."""
        return Analysis(
            category=self.rng.choice(["process", "method", "information"]),
            text=self._order("causes"),
            whys=tuple(self._table["order"]["whys"]),
            evidence=(
                Proof("record", self._order("evidence")),
                Proof("witness", self._order("witness")),
            ),
        )

    def plan(self, now: datetime) -> list[Given]:
        """The long-term measures, one of each group (W-07)."""
        return [
            Given(group, self._order(group), due_on=self._promise(now)) for group in MeasureGroup
        ]

    def _promise(self, now: datetime) -> date:
        return now.date() + timedelta(days=self.rng.randint(5, 20))

    def _order(self, name: str) -> str:
        found = self._table["order"][name]
        return self._pick([found] if isinstance(found, str) else found)

    def _pick(self, sentences: list[str], **more: object) -> str:
        return self.rng.choice(sentences).format(**self.facts, **more)

    @property
    def _table(self) -> dict[str, Any]:
        return table(f"words/{self.language}")
