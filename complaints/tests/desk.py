"""A desk for the tests of the import: a small company, a profile, and files to import."""

import csv
import gzip
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from complaints.factories import CategoryFactory
from complaints.models import Category, Complaint
from customers.models import Customer
from organisation.factories import tree
from organisation.models import Branch, Counter

PROFILE = """
source = "old system"
timezone = "Asia/Shanghai"
dates = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
[columns]
reference = "id"
subject = "what"
received_at = "when"
closed_at = "done"
branch = "place"
category = "sort"
channel = "by"
description = "story"
customer_name = "who"
customer_phone = "phone"
[maps.channel]
Telephone = "phone"
[milestones.result]
met_at = "done"
due_at = "promised"
[milestones.callback]
met_at = "called"
"""
HEADER = "id,what,when,done,place,sort,by,story,who,phone,promised,called"
GOOD = "7,Goods broken,02.03.2026 10:00,03.03.2026 09:00,WX,late,Telephone,,,,03.03.2026 10:00,"
NOTHING_YET = {"complaints": 0, "branches": 6, "categories": 1, "counters": 0, "customers": 0}


@dataclass
class Answer:
    """What the command said, and its table of errors: (row, column, reason, reference)."""

    line: str
    errors: list[tuple[str, ...]]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(column, reason) for _row, column, reason, _reference in self.errors]


@dataclass
class Desk:
    """A folder with a profile and a file to import."""

    folder: Path
    profile: str = PROFILE

    def write(self, *rows: str, header: str = HEADER) -> Path:
        path = self.folder / "complaints.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    def run(self, file: Path, *, dry_run: bool = False) -> Answer:
        profile, errors = self.folder / "profile.toml", self.folder / "errors.csv"
        profile.write_text(self.profile, encoding="utf-8")
        out = StringIO()
        call_command(
            "import_complaints",
            file,
            profile=str(profile),
            errors=errors,
            dry_run=dry_run,
            stdout=out,
            skip_checks=True,
        )
        with errors.open(encoding="utf-8-sig", newline="") as table:
            header, *lines = csv.reader(table)
        assert header == ["row", "column", "reason", "reference"]
        return Answer(out.getvalue().strip(), [tuple(line) for line in lines])

    def take(self, *rows: str) -> Answer:
        return self.run(self.write(*rows))


def opened_desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in a company of six branches and one category; the terminal speaks English."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    CategoryFactory.create(code="late", name="延误", name_en="Late")
    tree()
    return Desk(folder)


def stored() -> dict[str, int]:
    models = {
        "complaints": Complaint,
        "branches": Branch,
        "categories": Category,
        "counters": Counter,
        "customers": Customer,
    }
    return {name: model._default_manager.count() for name, model in models.items()}


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)
