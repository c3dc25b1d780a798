"""Branches, people, categories and the work calendar of the demonstration company."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from complaints.actions import categories
from complaints.models import Category, Supplier
from organisation.actions import branches, calendars, people
from organisation.models import Branch, Level, Person, Role
from reports.demo.data import table

CALENDAR_YEARS = (2024, 2025, 2026)
DOMAIN = "yuanan.example"
USERNAMES: dict[str, str] = {
    Role.QUALITY_MANAGER: "quality",
    Role.BRANCH_MANAGER: "manager",
    Role.ACCOUNT_MANAGER: "account",
    Role.FRONT_DESK: "desk",
    Role.HANDLER: "handler",
}


@dataclass(frozen=True)
class Site:
    """A branch with its habits: `care` (0 … 1) keeps promises, `volume` draws complaints."""

    branch: Branch
    region: Branch
    care: float
    volume: int


@dataclass
class Company:
    """Everybody and every place, by code; the same objects are used all along."""

    root: Branch
    sites: dict[str, Site] = field(default_factory=dict)
    staff: dict[tuple[str, str], list[Person]] = field(default_factory=lambda: defaultdict(list))
    categories: dict[str, Category] = field(default_factory=dict)
    suppliers: list[Supplier] = field(default_factory=list)

    def who(self, code: str, role: str) -> list[Person]:
        """Those with a role at a branch, the best known first."""
        return self.staff[code, role]

    @property
    def accounts(self) -> list[Person]:
        """The demo accounts of `contract.md`: those with a name of their own, without a "-"."""
        everyone = {person.pk: person for group in self.staff.values() for person in group}
        return [person for person in everyone.values() if "-" not in (person.username or "")]


def found(rng: random.Random, today: date) -> Company:
    """Make the company. Needs an empty database."""
    top = table("company")["headquarters"]
    root = branches.create(level=Level.HEADQUARTERS, parent=None, by=None, **top)
    company = Company(root)
    for region in table("company")["regions"]:
        _open_region(company, region)
    _hire(company, rng)
    _name_categories(company)
    calendar = calendars.create(name="标准工作时间", timezone=settings.TIME_ZONE, by=None)
    for year in sorted({*CALENDAR_YEARS, today.year}):
        calendars.load_year(calendar=calendar, year=year, by=None)
    return company


def _open_region(company: Company, given: dict[str, Any]) -> None:
    names = {key: given[key] for key in ("code", "name", "name_en")}
    region = branches.create(level=Level.REGION, parent=company.root, by=None, **names)
    for row in given["branches"]:
        names = {key: row[key] for key in ("code", "name", "name_en")}
        branch = branches.create(level=Level.BRANCH, parent=region, by=None, **names)
        company.sites[branch.code] = Site(branch, region, row["care"], row["volume"])


def _hire(company: Company, rng: random.Random) -> None:
    """The people with names of their own first, then whoever is still missing."""
    places = {site.region.code: site.region for site in company.sites.values()}
    places |= {code: site.branch for code, site in company.sites.items()}
    places[company.root.code] = company.root
    for row in table("company")["staff"]["people"]:
        _engage(company, places[row["at"]], row["role"], row["username"], row["name"])
    taken = {row["name"] for row in table("company")["staff"]["people"]}
    names = _fresh_names(rng, taken)
    for code, role, count in _positions():
        for number in range(len(company.who(code, role)) + 1, count + 1):
            suffix = "" if count == 1 else str(number)
            username = f"{code.lower()}-{USERNAMES[role]}{suffix}"
            _engage(company, places[code], role, username, next(names))


def _engage(company: Company, branch: Branch, role: str, username: str, name: str) -> None:
    person = people.create(
        name=name,
        username=username,
        email=f"{username}@{DOMAIN}",
        postings=[(branch, role)],
        by=None,
    )
    company.staff[branch.code, role].append(person)


def _positions() -> Iterator[tuple[str, str, int]]:
    """Where how many of which role work, apart from the headquarters."""
    for region in table("company")["regions"]:
        yield region["code"], Role.QUALITY_MANAGER, 1
        yield region["code"], Role.BRANCH_MANAGER, 1
        yield region["code"], Role.ACCOUNT_MANAGER, 2
        for branch in region["branches"]:
            yield branch["code"], Role.BRANCH_MANAGER, 1
            yield branch["code"], Role.FRONT_DESK, 1
            yield branch["code"], Role.HANDLER, branch["people"] - 2


def _fresh_names(rng: random.Random, taken: set[str]) -> Iterator[str]:
    """Names nobody has: a shared name could not be mentioned with @."""
    staff = table("company")["staff"]
    while True:
        name = rng.choice(staff["surnames"]) + rng.choice(staff["given_names"])
        # A name that begins with another one would be mentioned along with it.
        if not any(name.startswith(other) or other.startswith(name) for other in taken):
            taken.add(name)
            yield name


def _name_categories(company: Company) -> None:
    for position, group in enumerate(table("company")["categories"]):
        own = {key: value for key, value in group.items() if key != "children"}
        parent = categories.create(position=position, by=None, **own)
        company.categories[parent.code] = parent
        for place, row in enumerate(group["children"]):
            child = categories.create(parent=parent, position=place, by=None, **row)
            company.categories[child.code] = child
