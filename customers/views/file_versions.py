"""The versions of a file: what each changed, and two people who write the next one (U-09)."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from csm.kit import clock
from csm.kit.htmx import page
from customers.actions import account_files as actions
from customers.forms.standing import FileForm
from customers.models import AccountFile, Customer, Secrecy
from organisation.doors import me

SHOWN = 50
WRITTEN = (*actions.PARTS, "dates", "secrecy")
NOTHING = "—"


class Change(NamedTuple):
    """A part of the file, as it stands now and as the slower person wrote it, in words."""

    label: str
    now: str
    mine: str


def versions(customer: Customer) -> list[tuple[AccountFile, str]]:
    """The newest first, each with the parts in which it differs from the one before it."""
    rows = list(customer.files.select_related("by")[: SHOWN + 1])
    before = [*rows[1:], None]
    return [(row, _changed(row, was)) for row, was in zip(rows, before, strict=False)][:SHOWN]


def conflict(request: HttpRequest, customer: Customer, form: FileForm) -> HttpResponse:
    """409 with both texts; sent again, only what this person changed replaces what stands now."""
    present = actions.read(customer=customer, by=me(request), now=clock.now())
    given = form.cleaned_data
    base = customer.files.filter(pk=given["seen"]).first()
    mine = {name: given[name] for name in WRITTEN if _plain(given[name]) != _part(base, name)}
    again = FileForm(file=present)
    again.initial = {**again.initial, **mine}
    context = {
        "customer": customer,
        "present": present,
        "changes": [
            Change(_label(name), _words(name, _part(present, name)), _words(name, value))
            for name, value in mine.items()
            if _plain(value) != _part(present, name)
        ],
        "hidden": list(again),
    }
    return page(request, "customers/account_file_conflict.html", context, status=409)


def _changed(row: AccountFile, was: AccountFile | None) -> str:
    if was is None:
        return ""
    names = [name for name in WRITTEN if _part(row, name) != _part(was, name)]
    return " · ".join(_label(name) for name in names)


def _part(file: AccountFile | None, name: str) -> Any:
    return _plain(getattr(file, name)) if file else [] if name == "dates" else ""


def _plain(value: Any) -> Any:
    """Browsers end lines in their own way."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _label(name: str) -> str:
    return str(FileForm.base_fields[name].label)


def _words(name: str, value: Any) -> str:
    if name == "secrecy":
        return str(dict(Secrecy.choices).get(value, NOTHING))
    return FileForm.base_fields[name].prepare_value(value) or NOTHING
