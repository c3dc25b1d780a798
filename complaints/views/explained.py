"""Explain this clock (`sla.md` rule 12): its line, its spans in words, what happened to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import clock_drawing, clock_face, explanation_words, policy_words
from complaints.clock_drawing import Drawing
from complaints.clock_histories import Happening, History, Rung, histories
from complaints.models import MILESTONES
from complaints.timeline import Entry
from complaints.views.found import complaint_or_404
from csm.kit import clock, htmx

# More lines than these nobody reads; the others are summed up in one.
LINES = 80
BETWEEN = " · "
HANDED = ("judged_valid", "triage_undone", "transferred", "declined")


@dataclass(frozen=True)
class Line:
    """A span in words; the last one may stand for many."""

    start: datetime
    end: datetime
    length: str
    cause: str
    look: str


@dataclass(frozen=True)
class Step:
    """A step of the ladder in words."""

    at: datetime
    when: str
    roles: str
    state: str


class Explained:
    """One clock as the page shows it."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.place = history.place
        self.face = history.face
        self.title = policy_words.kind_name(history.timer.kind)
        self.cycle = history.timer.cycle
        self.is_milestone = history.timer.kind in MILESTONES
        self.target = clock_face.target_text(history.target)
        self.equation = explanation_words.equation(history)
        self.sentences = [
            text
            for text in (
                explanation_words.promise(history),
                explanation_words.reckoning(history),
                explanation_words.verdict(history),
                explanation_words.whose(history),
            )
            if text
        ]
        self.end = explanation_words.end(history)

    @property
    def policy(self) -> str:
        """The revision that set the clock."""
        rule = self.history.rule
        if rule is None:
            return ""
        return _("%(policy)s, revision %(number)d") % {
            "policy": rule.revision.policy.name,
            "number": rule.revision.number,
        }

    @property
    def drawing(self) -> Drawing:
        handed = [
            (row.event.at, "handed")
            for row in self.history.happenings
            if row.event.kind in HANDED and self.is_milestone
        ]
        steps = [(rung.at, f"step-{rung.state}") for rung in self.history.rungs]
        return clock_drawing.drawing(self.history.course, [*handed, *steps])

    @property
    def lines(self) -> list[Line]:
        course = self.history.course
        lengths = course.lengths()
        lines = [
            Line(
                span.start,
                span.end,
                explanation_words.hours(length),
                explanation_words.cause(span),
                clock_drawing.look_of(span),
            )
            for span, length in zip(course.spans, lengths, strict=True)
        ]
        if len(lines) <= LINES:
            return lines
        rest = lines[LINES:]
        words = _("%(count)d more spans, counted and skipped in turn") % {"count": len(rest)}
        length = explanation_words.hours(sum(lengths[LINES:]))
        return [*lines[:LINES], Line(rest[0].start, rest[-1].end, length, words, "closed")]

    @property
    def entries(self) -> list[Entry]:
        return [_entry(row) for row in self.history.happenings]

    @property
    def steps(self) -> list[Step]:
        return [_step(rung) for rung in self.history.rungs]


def _entry(row: Happening) -> Entry:
    if not row.moved or row.due_before is None or row.due_after is None:
        return row.entry
    moved = explanation_words.shift(row.due_before, row.due_after)
    return replace(row.entry, note=BETWEEN.join(filter(None, (row.entry.note, moved))))


def _step(rung: Rung) -> Step:
    return Step(
        at=rung.at,
        when=policy_words.moment(rung.step),
        roles=policy_words.roles(rung.step),
        state=explanation_words.step(rung),
    )


@require_safe
def clocks(request: HttpRequest, number: str) -> HttpResponse:
    """All clocks of a complaint, or, unfolded, the one that `clock` names."""
    found, now = complaint_or_404(request, number), clock.now()
    explained = [Explained(history) for history in histories(found, now=now)]
    chosen = request.GET.get("clock", "")
    shown = [each for each in explained if each.place == chosen] or explained
    context = {
        "complaint": found,
        "explained": explained,
        "shown": shown,
        "chosen": chosen if shown is not explained else "",
        "now": now,
    }
    return htmx.page(request, "complaints/clocks.html", context)
