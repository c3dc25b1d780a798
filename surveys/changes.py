"""What was asked again after an order, beside what was answered first (S-05)."""

from dataclasses import dataclass

from surveys.models import Answer


@dataclass(frozen=True)
class Change:
    """One answer, and the same question answered again; `later` is None until then."""

    first: Answer
    later: Answer | None
    is_asked: bool

    @property
    def direction(self) -> str:
        """Which way it went: up, down, same; empty while there is nothing to compare."""
        if self.later is None or self.later.value is None or self.first.value is None:
            return ""
        if self.later.value == self.first.value:
            return "same"
        return "up" if self.later.value > self.first.value else "down"


def change_of(answer: Answer) -> Change:
    """The first answer with the later one."""
    asked = getattr(answer, "asked_again", None)
    response = asked and getattr(asked, "response", None)
    later = None
    if response and response.completed_at:
        later = response.answers.filter(question=answer.question, item=answer.item).first()
    return Change(answer, later, is_asked=asked is not None)
