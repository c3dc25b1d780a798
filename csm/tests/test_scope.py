"""What each persona gets at every address, and what never reaches those outside (B-01, B-02)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import URLResolver, get_resolver

from csm.tests.addresses import PERSONAS, PUBLIC, ROWS, Row, hears
from csm.tests.company import PLACES, Company
from csm.tests.crawler import text_of
from organisation.models import Message

pytestmark = pytest.mark.django_db
# What counts as "it is yours": done, shown, or refused because of the input or the state.
MINE = {200, 201, 204, 302, 303, 400, 409, 422}
# Who tries whose things; the others only try those of the branch Wuxi.
TRIED = {
    "s": PLACES,
    "m": ("own", "sibling"),
    "n": ("own", "sibling"),
    "r": ("sibling",),
}


def names(resolver: URLResolver) -> Iterator[str | None]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry)
        else:
            yield entry.name


def test_b01_every_address_is_in_the_table() -> None:
    """A new address needs rows in `addresses.py`, or a reason to be public."""
    covered = {row.name for row in ROWS}
    assert sorted(map(str, names(get_resolver()))) == sorted(covered | PUBLIC.keys())
    assert not covered & PUBLIC.keys()
    keys = [(row.name, row.method) for row in ROWS]
    assert len(keys) == len(set(keys))


class Visitor:
    """A persona who tries every address, each as if it were the first."""

    def __init__(self, persona: str, firm: Company) -> None:
        self.company = firm
        self.persona = persona
        self.client = self.company.client(PERSONAS[persona])
        self.cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}

    def call(self, row: Row, place: str) -> tuple[HttpResponseBase, str]:
        """The answer and its text; what the call did is undone."""
        url = row.url(self.company, place)
        options: dict[str, Any] = {"content_type": "application/json"} if row.is_json else {}
        if row.expected(self.persona, place) == 404:
            options["headers"] = {"HX-Request": "true"}  # a small answer, not a whole page
        self.client.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            response = getattr(self.client, row.method.lower())(url, {}, **options)
            text = text_of(response)
            transaction.set_rollback(True)
        return response, text


def tried(persona: str, row: Row) -> Sequence[str]:
    """Whose things the persona tries at this address; to look at those of a child is enough."""
    if not row.of:
        return ("own",)
    places = TRIED.get(persona, ("own",))
    return [place for place in places if place != "child" or row.method == "GET"]


@pytest.mark.parametrize("persona", PERSONAS)
def test_b01_b02_addresses_and_secrets_of(persona: str, firm: Company) -> None:
    visitor = Visitor(persona, firm)
    wrong = []
    for row in ROWS:
        for place in tried(persona, row):
            case = f"{row.method} {row.name} {place}"
            response, text = visitor.call(row, place)
            wanted = row.expected(persona, place)
            got = 200 if response.status_code in MINE else response.status_code
            if got != wanted or response.get("Location", "").startswith("/login/?next="):
                wrong.append(f"{case}: {response.status_code}, not {wanted}")
            if heard := hears(persona, text):
                wrong.append(f"{case} tells of {heard}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("persona", ["anonymous", "disabled"])
def test_b01_who_is_not_signed_in_gets_nothing(persona: str, firm: Company) -> None:
    wrong = []
    for row in ROWS:
        client = firm.client(persona)
        response = getattr(client, row.method.lower())(row.url(firm, "own"))
        to_login = response.get("Location", "").startswith("/login/?next=")
        page = response.status_code == 302 and to_login
        if not (page if row.name in PAGES_OF_THE_API or not row.is_api else is_401(response)):
            wrong.append(f"{row.method} {row.name}: {response.status_code}")
        if "SECRET" in text_of(response):
            wrong.append(f"{row.method} {row.name} tells")
    assert not wrong, "\n".join(wrong)


# Read by people, not by programs.
PAGES_OF_THE_API = {"api-docs"}


def is_401(response: HttpResponseBase) -> bool:
    return response.status_code == 401 and bool(response.get("WWW-Authenticate"))


def test_b01_no_other_method_is_open(firm: Company) -> None:
    visitor = Visitor("q", firm)
    declared = {(row.name, row.method) for row in ROWS}
    others = [
        replace(row, method=method)
        for row in {row.name: row for row in ROWS}.values()
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if (row.name, method) not in declared
    ]
    answers = {f"{row.method} {row.name}": visitor.call(row, "own")[0] for row in others}
    assert {name for name, answer in answers.items() if answer.status_code != 405} == set()


# Where words find things, the words of others find nothing.
LOOKED_UP = (
    "/complaints/?search=SECRET",
    "/complaints/?search={phone}",
    "/complaints/?search={last_four}",
    "/complaints/?through=all&search={number}",
    "/complaints/?branch=SZ",
    "/work-orders/?search=SECRET",
    "/work-orders/?complaint={number}",
    "/work-orders/?customer={customer}",
    "/work-orders/?branch=SZ",
    "/dissatisfied-items/?search=SECRET",
    "/dissatisfied-items/?customer={customer}",
    "/dissatisfied-items/new/?customer={customer}",
    "/customers/?search=SECRET",
    "/customers/?search={phone}",
    "/customers/?search={last_four}",
    "/rankings/?level=region",
    "/complaints/new/?customer={customer}",
    "/api/v1/complaints/?search=SECRET",
    "/api/v1/complaints/?search={last_four}",
    "/api/v1/complaints/?branch=SZ",
    "/api/v1/complaints/?handler={handler}",
    "/api/v1/work-orders/?complaint={number}",
    "/api/v1/work-orders/?customer={customer}",
    "/api/v1/dissatisfied-items/?search=SECRET",
    "/api/v1/customers/?search=SECRET",
    "/api/v1/customers/?search={phone}",
)
ASKED = (
    ("/complaints/new/customers/", {"customer_name": "SECRET", "contact_phone": "{phone}"}),
    ("/complaints/new/customers/", {"customer": "{customer}"}),
    ("/complaints/new/repeats/", {"waybill": "SECRET-of-sibling-waybill", "subject": "SECRET-of"}),
    ("/complaints/new/repeats/", {"contact_phone": "{phone}"}),
)


@pytest.mark.parametrize("persona", ["s", "m", "i"])
def test_b02_no_search_and_no_suggestion_finds_what_is_foreign(persona: str, firm: Company) -> None:
    visitor = Visitor(persona, firm)
    foreign = visitor.company.places["sibling"]
    phone = foreign.customer.contacts.get().points.get().value
    words = {
        "phone": phone,
        "last_four": phone[-4:],
        "number": foreign.complaint.number,
        "customer": foreign.customer.pk,
        "handler": foreign.handler.pk,
    }
    client = visitor.client
    texts = {url: text_of(client.get(url.format_map(words))) for url in LOOKED_UP}
    for url, asked in ASKED:
        data = {name: value.format_map(words) for name, value in asked.items()}
        texts[f"{url} {asked}"] = text_of(client.post(url, data))
    assert {url for url, text in texts.items() if hears(persona, text)} == set()


def test_b02_counts_count_only_what_is_seen(firm: Company) -> None:
    """Three complaints, two orders, an item and a customer at each place; Wuxi sees two places."""
    client = firm.client("staff")
    for address, count in (
        ("complaints", 6),
        ("work-orders", 4),
        ("dissatisfied-items", 2),
        ("customers", 2),
    ):
        assert len(client.get(f"/api/v1/{address}/").json()["results"]) == count
    listed = text_of(client.get("/complaints/?through=all"))
    assert "1–6 of 6" in listed
    # All, responsible (nobody judged the third yet), taken in by us, I take part.
    assert re.findall(r'<span class="count">(\d+)</span>', listed) == ["6", "4", "6", "0"]
    told = Message.objects.filter(recipient=firm.people["staff"], channel="inbox", read_at=None)
    assert f">{told.count()} unread<" in text_of(client.get("/inbox/"))
