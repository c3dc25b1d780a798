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
from organisation.actions.counters import take
from organisation.models import Person

# What a template may name, with a value that is as long as it can get.
LONGEST = {"yyyy": 9999, "n": 999_999}
MOST_CHARACTERS = 60


def next_number(kind: str, *, now: datetime) -> dict[str, object]:
    """The four fields of a `Numbered` document.

    The year is the company's; the counter row is locked until the transaction ends.
    """
    year = now.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    sequence = take(f"{kind.replace('_', '-')}:{year}")
    template = Numbering.objects.get(kind=kind).template
    return {
        "number": template.format(yyyy=year, n=sequence),
        "year": year,
        "sequence": sequence,
        "numbered_at": now,
    }


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
    except (ValueError, KeyError, IndexError, AttributeError):
        return _("Write only {n} and {yyyy} in braces, as in 问字【{yyyy}】{n:03d}号.")
    if "n" not in named:
        return _("The template lacks {n}: each document needs a number of its own.")
    if "yyyy" not in named:
        return _("The template lacks {yyyy}: next year's numbers would be this year's again.")
    if len(longest) > MOST_CHARACTERS or not longest.isprintable():
        return _("The number would be longer than %(most)d characters.") % {"most": MOST_CHARACTERS}
    return ""
