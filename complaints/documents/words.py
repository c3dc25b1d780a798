"""Moments, names and lists as they stand on paper."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.models import Complaint
from csm.kit.docx import Plain
from csm.kit.masking import mask_name, mask_phone
from customers.models import Customer, Kind
from organisation.models import Branch, Person

# What every document says of itself, with the words that explain it to a template's author.
HEAD: Mapping[str, Promise] = {
    "company": gettext_lazy("our company's name"),
    "title": gettext_lazy("the title of the document"),
    "number": gettext_lazy("its number"),
    "status": gettext_lazy("its state"),
    "address": gettext_lazy("its address in CSM, for staff"),
    "printed_at": gettext_lazy("when this copy was made"),
    "printed_by": gettext_lazy("who made this copy"),
}
CUSTOMER: Mapping[str, Promise] = {
    "customer": gettext_lazy("the customer"),
    "standing": gettext_lazy("tier or grade of the customer"),
    "contact": gettext_lazy("the contact, masked"),
    "phone": gettext_lazy("the telephone number, masked"),
}
HEAD_EXAMPLE: dict[str, Plain] = {
    "company": "远岸物流",
    "title": "江苏分公司：问题整改工作单",
    "number": "问字【2026】217号",
    "status": "已提交",
    "address": "https://csm.example.com/work-orders/217/",
    "printed_at": "2026-11-19 14:32",
    "printed_by": "林静怡",
}
CUSTOMER_EXAMPLE: dict[str, Plain] = {
    "customer": "徐州矿山装备",
    "standing": "4A",
    "contact": "刘**",
    "phone": "138****8000",
}


def head(
    *, title: str, number: str, status: object, path: str, by: Person, now: datetime
) -> dict[str, Plain]:
    """What `HEAD` names."""
    return {
        "company": settings.COMPANY_NAME,
        "title": title,
        "number": number,
        "status": str(status),
        "address": settings.BASE_URL.rstrip("/") + path,
        "printed_at": moment(now),
        "printed_by": by.name,
    }


def customer(found: Customer | None, complaint: Complaint | None) -> dict[str, Plain]:
    """What `CUSTOMER` names: a person's name is masked, too."""
    return {
        "customer": customer_name(found) or "",
        "standing": found.standing if found else "",
        "contact": mask_name(complaint.contact_name) if complaint else "",
        "phone": mask_phone(complaint.contact_phone) if complaint else "",
    }


def customer_name(found: Customer | None) -> str | None:
    """A person's name masked; that of a company or a department as it is."""
    if found is None:
        return None
    return mask_name(found.name) if found.kind == Kind.PERSON else found.name


def moment(at: datetime | None) -> str:
    """In the company's zone."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def name(of: Person | Branch | None) -> str:
    if isinstance(of, Branch):
        return of.label
    return of.name if of else ""


def satisfied(answer: bool | None) -> str:
    words = {None: "", True: _("Satisfied"), False: _("Not satisfied")}
    return words[answer]


def listed(words: Iterable[Any]) -> str:
    return pgettext("between names", ", ").join(map(str, words))
