"""Which questions are asked, after what was answered so far. Plain rules, no database."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

OPERATIONS = ("below", "at_least", "is")
Given = Mapping[str, "Decimal | Sequence[str] | str | None"]


def shown(questions: Iterable[Any], given: Given) -> list[Any]:
    """The questions to ask. A question that is not asked counts as not answered, too."""
    asked, told = [], dict(given)
    for question in questions:
        if holds(question.condition, told):
            asked.append(question)
        else:
            told.pop(question.key, None)
    return asked


def holds(condition: Mapping[str, Any], given: Given) -> bool:
    """True without a condition; False while the question that it rests on is unanswered."""
    if not condition:
        return True
    answer = given.get(condition["question"])
    if answer is None:
        return False
    wanted = condition["value"]
    number, limit = _number(answer), _number(wanted)
    if condition["op"] == "is":
        if isinstance(answer, Decimal):
            return number == limit
        return wanted in answer if isinstance(answer, list | tuple) else str(answer) == str(wanted)
    if number is None or limit is None:
        return False
    return number < limit if condition["op"] == "below" else number >= limit


def problem_of(condition: Mapping[str, Any], earlier: Sequence[Any]) -> str:
    """What is wrong with a condition, in words; empty: nothing."""
    if not condition:
        return ""
    before = {question.key: question for question in earlier}
    asked = before.get(str(condition.get("question")))
    if asked is None:
        return _("Its condition must rest on an earlier question.")
    operation = condition.get("op")
    if operation not in OPERATIONS:
        return _("Its condition is incomplete.")
    if operation == "is":
        known = {row["key"] for row in asked.options} or {"0", "1"}
        return "" if str(condition.get("value")) in known else _("That answer cannot be given.")
    if asked.scale is None and asked.kind != "number":
        return _("Only a number can be below or above.")
    return "" if _number(condition.get("value")) is not None else _("Enter a number.")


def _number(value: Any) -> Decimal | None:
    """None for what is no number to compare with, "NaN" and "Infinity" among it."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
