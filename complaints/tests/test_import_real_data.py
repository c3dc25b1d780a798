"""The real public records (`contract.md`, "Import"): every figure, row by row, in its time."""

import csv
import gzip
import io
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from complaints.models import Category, Complaint, Event, Milestone, Status, Timer, verdict_at
from csm.kit import clock
from csm.tests.worker import database_url
from customers.models import Customer
from organisation.models import Branch, Message

BOSTON, CFPB = "boston_311_2015_h1.csv.gz", "cfpb_complaints_2023.csv"
LONGEST_RUN = 60  # seconds, on two cores
MOST_MEMORY = 300 * 1024  # KiB
ZONE = ZoneInfo("America/New_York")
VERDICTS = {"ONTIME": "met", "OVERDUE": "breached"}


@dataclass
class Run:
    """What a process of its own did: its output, and the seconds and KiB that it took."""

    code: int
    out: str
    seconds: float
    memory: int


def run_import(file: Path, profile: str, errors: Path) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(
        [
            *(sys.executable, str(settings.BASE_DIR / "manage.py"), "import_complaints"),
            *(str(file), "--profile", profile, "--errors", str(errors)),
        ],
        env={**os.environ, "DATABASE_URL": database_url(connection.settings_dict), "LANG": "en"},
        stdout=subprocess.PIPE,
        text=True,
    )
    memory = 0
    while process.poll() is None:
        memory = peak_memory(process.pid) or memory
        time.sleep(0.02)
    out, _err = process.communicate()
    return Run(process.returncode, out, time.perf_counter() - started, memory)


def peak_memory(pid: int) -> int:
    """The most KiB that a process has held; 0 when it has ended.

    Not what the kernel adds up for its parent: that begins with the parent's own.
    """
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def boston(folder: Path) -> Iterator[dict[str, str]]:
    """The rows of the file as the standard library reads them."""
    with gzip.open(folder / BOSTON) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))


def moment(text: str) -> datetime:
    local = datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE)
    return local.astimezone(UTC)


def closes_first(row: dict[str, str]) -> bool:
    return row["CLOSED_DT"] != "" and moment(row["CLOSED_DT"]) < moment(row["OPEN_DT"])


def expected(row: dict[str, str], now: datetime) -> str:
    """The verdict by the row's own times."""
    ended = moment(row["CLOSED_DT"]) if row["CLOSED_DT"] else now
    if ended > moment(row["TARGET_DT"]):
        return "breached"
    return "met" if row["CLOSED_DT"] else "running"


@pytest.mark.django_db(transaction=True)
def test_the_boston_file_gives_its_recorded_verdicts_within_time_and_memory(
    real_data: Path, tmp_path: Path
) -> None:
    first = run_import(real_data / BOSTON, "boston_311", tmp_path / "errors.csv")
    assert (first.code, first.out) == (0, "imported 58035 / unchanged 0 / rejected 84\n")
    assert first.seconds < LONGEST_RUN
    assert first.memory < MOST_MEMORY
    rows = list(boston(real_data))
    check_rejected(rows, tmp_path / "errors.csv")
    good = [row for row in rows if not closes_first(row)]
    check_verdicts(good)
    check_complaints(good)
    before = Complaint.objects.count(), Timer.objects.count(), Event.objects.count()
    second = run_import(real_data / BOSTON, "boston_311", tmp_path / "errors.csv")
    assert (second.code, second.out) == (0, "imported 0 / unchanged 58035 / rejected 84\n")
    assert before == (58_035, 43_552, 58_035)
    assert before == (Complaint.objects.count(), Timer.objects.count(), Event.objects.count())


def check_rejected(rows: list[dict[str, str]], errors: Path) -> None:
    """Exactly those that close before they open, with that reason."""
    with errors.open(encoding="utf-8-sig", newline="") as table:
        lines = list(csv.DictReader(table))
    assert len(lines) == 84
    assert {(line["column"], line["reason"]) for line in lines} == {
        ("CLOSED_DT", "This lies before the complaint was received.")
    }
    wanted = [
        (str(number), row["CASE_ENQUIRY_ID"])
        for number, row in enumerate(rows, start=2)
        if closes_first(row)
    ]
    assert [(line["row"], line["reference"]) for line in lines] == wanted


def check_verdicts(rows: list[dict[str, str]]) -> None:
    now = clock.now()
    timers = Timer.objects.annotate(verdict=verdict_at(now))
    found = dict(timers.values_list("complaint__reference", "verdict"))
    targeted = {row["CASE_ENQUIRY_ID"]: row for row in rows if row["TARGET_DT"]}
    assert found.keys() == targeted.keys()
    kinds = timers.values_list("kind", "next_fire_at", "complaint__is_history").distinct()
    assert list(kinds) == [(Milestone.RESULT, None, True)]
    decided: Counter[tuple[str, str]] = Counter()
    for reference, row in targeted.items():
        verdict = found[reference]
        assert verdict == expected(row, now), row
        if row["CLOSED_DT"]:
            assert verdict == VERDICTS.get(row["OnTime_Status"], "breached"), row
            decided[verdict, row["OnTime_Status"]] += 1
    assert decided == {
        ("met", "ONTIME"): 27_255,
        ("breached", "OVERDUE"): 9_962,
        ("breached", ""): 63,
    }
    assert Message.objects.count() == 0


def check_complaints(rows: list[dict[str, str]]) -> None:
    fields = ("received_at", "closed_at", "branch__code", "category__code", "channel")
    found = {
        reference: values
        for reference, *values in Complaint.objects.values_list("reference", *fields)
    }
    root = Branch.objects.get(parent=None)
    assert Branch.objects.filter(parent=root, level="branch").count() == 13
    channels = Counter(row["Source"] for row in rows)
    assert (
        Counter(values[4] for values in found.values())["hotline"] == channels["Constituent Call"]
    )
    for row in rows:
        assert found[row["CASE_ENQUIRY_ID"]][:4] == [
            moment(row["OPEN_DT"]),
            moment(row["CLOSED_DT"]) if row["CLOSED_DT"] else None,
            row["pwd_district"] or root.code,
            row["TYPE"],
        ]
    assert Category.objects.filter(children=None).count() == 155
    closed = Complaint.objects.filter(status=Status.CLOSED).count()
    assert closed == sum(1 for row in rows if row["CLOSED_DT"])


@pytest.mark.django_db(transaction=True)
def test_the_consumer_complaints_keep_their_long_texts(real_data: Path, tmp_path: Path) -> None:
    run = run_import(real_data / CFPB, "cfpb_2023", tmp_path / "errors.csv")
    assert (run.code, run.out) == (0, "imported 2067 / unchanged 0 / rejected 0\n")
    with (real_data / CFPB).open(encoding="utf-8", newline="") as file:
        rows = {row["Complaint ID"]: row for row in csv.DictReader(file)}
    assert Branch.objects.filter(level="branch").count() == 177
    for complaint in Complaint.objects.select_related("branch", "category"):
        row = rows.pop(complaint.reference)
        assert complaint.description == row["Consumer complaint narrative"].strip()
        assert complaint.subject == row["Issue"]
        assert complaint.branch.name == row["Company"]
        local = complaint.received_at.astimezone(ZONE)
        assert local.isoformat()[:19] == f"{row['Date received']}T00:00:00"
        is_closed = row["Company response to consumer"].startswith("Closed")
        assert (complaint.status == Status.CLOSED) == is_closed
    assert not rows
    assert (Timer.objects.count(), Customer.objects.count()) == (0, 0)
