"""Numbers of documents: a template per kind, a series per year without gaps (Q6, Q7, W-01)."""

import string
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Numbering
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.actions import counters
from organisation.models import Person

# What a template may name, with a value that is as long as it can get.
LONGEST = {"yyyy": 9999, "n": 999_999}
MOST_CHARACTERS = 60


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
    problem = problem_of(template)
    if problem:
        raise Refused(problem, fields={"template": problem})
    Numbering.objects.filter(kind=kind).update(template=template)


def problem_of(template: str) -> str:
    """Why a template cannot be used; empty if it can."""
    try:
        named = {name for _text, name, _form, _turn in string.Formatter().parse(template)} - {None}
        longest = template.format(**LONGEST)
        before = template.format(**LONGEST | {"n": LONGEST["n"] - 1})
    except (ValueError, KeyError, IndexError, AttributeError):
        return _("Write only {n} and {yyyy} in braces, as in 问字【{yyyy}】{n:03d}号.")
    if named - LONGEST.keys():
        return _("Write only {n} and {yyyy} in braces, as in 问字【{yyyy}】{n:03d}号.")
    # A form that rounds would give two documents one number.
    if "n" not in named or before == longest:
        return _("The template lacks {n}: each document needs a number of its own.")
    if "yyyy" not in named:
        return _("The template lacks {yyyy}: next year's numbers would be this year's again.")
    if len(longest) > MOST_CHARACTERS or not longest.isprintable():
        return _("The number would be longer than %(most)d characters.") % {"most": MOST_CHARACTERS}
    return ""
