"""Numbers of documents: a template per kind, a series per year without gaps (Q6, Q7, W-01)."""

import re
import string
from datetime import datetime
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Numbering
from complaints.models.numbering import Numbered
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.actions import counters
from organisation.models import Person

# What a template may name, with a value that is as long as it can get; and the forms it may have:
# as it is, or filled up with noughts. Any other could round it, or take gigabytes to write.
LONGEST = {"yyyy": 9999, "n": 999_999}
FORM = re.compile(r"(0?[1-9][0-9]?)?d?")
PATTERNS = {"yyyy": "[0-9]{4}", "n": "[0-9]+"}
MOST_CHARACTERS = 60


def numbered(kind: str) -> type[Numbered]:
    """The documents of a kind, whichever room they belong to."""
    found = (model for model in apps.get_models() if issubclass(model, Numbered))
    return next(model for model in found if kind == model.KIND)


def next_number(kind: str, *, now: datetime) -> dict[str, object]:
    """The four fields of a `Numbered` document.

    The year is the company's; the counter row is locked until the transaction ends.
    """
    year = _year(now)
    sequence = counters.take(_series(kind, year))
    template = Numbering.objects.get(kind=kind).template
    return {
        "number": template.format(yyyy=year, n=sequence),
        "year": year,
        "sequence": sequence,
        "numbered_at": now,
    }


def example(kind: str, template: str, *, now: datetime) -> str:
    """The number that the next document would have by this template; takes none."""
    year = _year(now)
    return template.format(yyyy=year, n=counters.last(_series(kind, year)) + 1)


def _year(now: datetime) -> int:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).year


def _series(kind: str, year: int) -> str:
    return f"{kind.replace('_', '-')}:{year}"


@transaction.atomic
def set_template(*, kind: str, template: str, by: Person | None) -> None:
    """From the next document on; numbers that were given stay as they are."""
    require_everywhere(by, "numbering.edit")
    problem = problem_of(template) or _problem_with_given(kind, template)
    if problem:
        raise Refused(problem, fields={"template": problem})
    Numbering.objects.filter(kind=kind).update(template=template)


def problem_of(template: str) -> str:
    """Why a template cannot be used; empty if it can."""
    try:
        fields = [field for field in _parsed(template) if field[1] is not None]
    except ValueError:
        fields = [("", "", "", None)]
    named = {name for _text, name, _form, _turn in fields}
    is_odd = any(turn or not FORM.fullmatch(form or "") for _text, _name, form, turn in fields)
    if is_odd or named - LONGEST.keys() or len(named) < len(fields):
        return _("Write only {n} and {yyyy} in braces, as in 问字【{yyyy}】{n:03d}号.")
    if "n" not in named:
        return _("The template lacks {n}: each document needs a number of its own.")
    if "yyyy" not in named:
        return _("The template lacks {yyyy}: next year's numbers would be this year's again.")
    longest = template.format(**LONGEST)
    if len(longest) > MOST_CHARACTERS or not longest.isprintable():
        return _("The number would be longer than %(most)d characters.") % {"most": MOST_CHARACTERS}
    return ""


def _parsed(template: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """Text, name, form and conversion of each part. Raises `ValueError`."""
    return list(string.Formatter().parse(template))


def _problem_with_given(kind: str, template: str) -> str:
    """Whether a later document would get a number that one has: it could not be numbered then."""
    like = re.compile("".join(map(_pattern, _parsed(template))))
    numbers = numbered(kind)._default_manager.filter(number__isnull=False)
    for number in numbers.values_list("number", flat=True).iterator():
        found = like.fullmatch(number or "")
        if found and _is_to_come(kind, template, found):
            words = _("“%(number)s” is given already, and would be given again by this template.")
            return words % {"number": number}
    return ""


def _pattern(part: tuple[str, str | None, str | None, str | None]) -> str:
    text, name, _form, _turn = part
    return re.escape(text) + (f"(?P<{name}>{PATTERNS[name]})" if name else "")


def _is_to_come(kind: str, template: str, found: re.Match[str]) -> bool:
    year, n = int(found["yyyy"]), int(found["n"])
    is_same = template.format(yyyy=year, n=n) == found.string
    return is_same and n > counters.last(_series(kind, year))
