"""The customers of the demonstration company. Every name is invented, every number fictitious."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.actions import customers
from customers.actions.customers import Caller
from customers.models import Customer, Grade, Kind, Tier
from organisation.models import Role
from reports.demo.company import Company, Site
from reports.demo.data import table


@dataclass(frozen=True)
class Client:
    """A customer, whom to speak to there, and in which language ("zh" or "en")."""

    customer: Customer
    contact: Caller
    site: Site
    language: str


def gather(company: Company, rng: random.Random, now: datetime) -> list[Client]:
    """Companies, persons, and our own departments, spread over the branches by their volume."""
    given = table("company")["customers"]
    kinds = [
        *[Kind.COMPANY] * given["companies"],
        *[Kind.PERSON] * given["persons"],
        *[Kind.INTERNAL] * given["internal"],
    ]
    rng.shuffle(kinds)
    sites = list(company.sites.values())
    volumes = [site.volume for site in sites]
    # The first customer of each branch first, so that none is without.
    places = sites + rng.choices(sites, volumes, k=len(kinds) - len(sites))
    return [
        _client(company, rng, now, kind, site, f"1380000{number:04d}")
        for number, (kind, site) in enumerate(zip(kinds, places, strict=True))
    ]


def _client(
    company: Company, rng: random.Random, now: datetime, kind: Kind, site: Site, phone: str
) -> Client:
    given = table("company")["customers"]
    is_english = kind != Kind.INTERNAL and rng.random() < given["english_share"]
    titles = given["titles_en" if is_english else "titles"]
    contact = Caller(
        name=_person_name(rng, is_english=is_english),
        phone=phone,
        title="" if kind == Kind.PERSON else rng.choice(titles),
        best_time=rng.choice(given["best_times"]),
    )
    manager = rng.choice(company.who(site.region.code, Role.ACCOUNT_MANAGER))
    customer = customers.create(
        name=_name(rng, kind, site, contact.name, is_english=is_english),
        kind=kind,
        tier=rng.choices(Tier.values, (1, 3, 4, 6))[0] if kind == Kind.PERSON else "",
        grade=rng.choice(Grade.values) if kind == Kind.COMPANY else "",
        home_branch=site.branch,
        account_manager=manager if kind == Kind.COMPANY else None,
        contact=contact,
        by=None,
        now=now - timedelta(days=rng.randint(70, 900), minutes=rng.randint(0, 1000)),
    )
    return Client(customer, contact, site, "en" if is_english else "zh")


def _person_name(rng: random.Random, *, is_english: bool) -> str:
    if is_english:
        return str(rng.choice(table("company")["customers"]["names_en"]))
    staff = table("company")["staff"]
    return str(rng.choice(staff["surnames"]) + rng.choice(staff["given_names"]))


def _name(rng: random.Random, kind: Kind, site: Site, contact: str, *, is_english: bool) -> str:
    given = table("company")["customers"]
    if kind == Kind.PERSON:
        return contact
    if kind == Kind.INTERNAL:
        return f"{site.branch.name}平台{rng.choice(given['departments'])}"
    if is_english:
        brand, trade = rng.choice(given["brands_en"]), rng.choice(given["trades_en"])
        return f"{brand} {trade} ({site.branch.name_en}) Ltd."
    return f"{site.branch.name}{rng.choice(given['brands'])}{rng.choice(given['trades'])}有限公司"
