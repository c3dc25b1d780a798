"""The pages of rankings, one row of tabs above each."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.access import can
from organisation.models import Person

# Name of the address, its words, and the right without which it is not shown.
TABS: tuple[tuple[str, Promise, str], ...] = (
    ("rankings", pgettext_lazy("page", "Ranking"), ""),
    ("changes", _("What changed"), ""),
    ("watch", _("A second look"), ""),
    ("periods", _("Periods"), "ranking.see"),
    ("disputes", _("Disputes"), "complaint.see"),
    ("reports", pgettext_lazy("page", "Reports"), "ranking.see"),
    ("tables", _("Tables"), "complaint.see"),
)


def row(person: Person, current: str) -> list[dict[str, object]]:
    """The tabs that are this person's."""
    return [
        {"url": reverse(name), "label": label, "is_current": name == current, "count": None}
        for name, label, verb in TABS
        if not verb or can(person, verb)
    ]
