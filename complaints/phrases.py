"""The fields of canned replies: a fixed list, and no template language."""

import re
from collections.abc import Callable

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint

FIELD = re.compile(r"\{([^{}\n]*)\}")


def _customer(complaint: Complaint) -> str:
    return complaint.customer.name if complaint.customer else complaint.contact_name


def _due(complaint: Complaint) -> str:
    """The earliest deadline that is still open."""
    due_at = complaint.next_due_at
    return timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M") if due_at else ""


def _branch(complaint: Complaint) -> str:
    return complaint.branch.label if complaint.triaged_at else ""


def _handler(complaint: Complaint) -> str:
    return complaint.handler.name if complaint.handler else ""


FIELDS: dict[str, tuple[Promise, Callable[[Complaint], str]]] = {
    "customer": (_("the customer's name"), _customer),
    "number": (_("the complaint's number"), lambda complaint: complaint.number),
    "branch": (_("the responsible branch"), _branch),
    "handler": (_("the handler"), _handler),
    "due": (_("the next deadline"), _due),
}


def unknown_fields(text: str) -> list[str]:
    """What stands in braces and is no field, in the order of the text."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name not in FIELDS]


def filled(text: str, complaint: Complaint) -> str:
    """The text about this complaint. What is not known stays in braces, for a person to fill in."""

    def value(found: re.Match[str]) -> str:
        known = FIELDS.get(found[1])
        return (known[1](complaint) if known else "") or found[0]

    return FIELD.sub(value, text)
