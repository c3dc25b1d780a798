"""The rankings of real public records, against sums over the raw file (issue 2, "must show")."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from math import erfc, sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from pytest_django import Settings

from organisation.factories import headquarters
from reports.figures import VERDICTS
from reports.models import FrozenRanking

# Committed as in life: at the end of one transaction, every key of 58,000 rows would be checked.
pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")
WEEKS = [f"2015-W{week:02d}" for week in range(1, 27)]
NO_DISTRICT = "HQ"
# Thirteen, and the headquarters for requests without one.
DISTRICTS = 14
NONE = dict.fromkeys(VERDICTS, 0)


@dataclass
class Week:
    """Plain counts over the raw file, by district."""

    complaints: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    breached: Counter[str] = field(default_factory=Counter)

    def decided(self, district: str) -> int:
        return self.met[district] + self.breached[district]

    def fair(self) -> dict[str, tuple[float, float]]:
        """Value and expected rank of each district by F-13, written anew from its text."""
        known = [one for one in self.met | self.breached if self.decided(one)]
        pairs = {one: (self.met[one], self.decided(one)) for one in known}
        whole = sum(n for _met, n in pairs.values())
        mean = sum(met for met, _n in pairs.values()) / whole
        spread = sum(n * (met / n - mean) ** 2 for met, n in pairs.values()) / whole
        between = max(0.0, spread - mean * (1 - mean) * len(pairs) / whole)
        drawn = {}
        for one, (met, n) in pairs.items():
            noise = mean * (1 - mean) / n
            trust = between / (between + noise) if between else 0.0
            drawn[one] = (mean + trust * (met / n - mean), trust * noise)
        return {
            one: (
                value,
                1
                + sum(
                    0.5 * erfc((value - theirs) / sqrt(2 * (error + noise)))
                    if error + noise
                    else 0.5
                    for other, (theirs, noise) in drawn.items()
                    if other != one
                ),
            )
            for one, (value, error) in drawn.items()
        }

    def ranks(self) -> dict[str, int]:
        """By the expected rank, of the districts with ten and more decided."""
        found = {
            one: rank for one, (_value, rank) in self.fair().items() if self.decided(one) >= 10
        }
        return {one: 1 + sum(rank < mine for rank in found.values()) for one, mine in found.items()}


def moment(text: str) -> datetime | None:
    if not text:
        return None
    local = datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=NEW_YORK)
    return local.astimezone(UTC)


def week_of(at: datetime) -> str:
    year, week, _day = at.astimezone(NEW_YORK).isocalendar()
    return f"{year}-W{week:02d}"


def records(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def recomputed(path: Path) -> dict[str, Week]:
    """Each week of the raw file; what closes before it opens is left out, as the import does."""
    weeks: dict[str, Week] = defaultdict(Week)
    for row in records(path):
        opened, due, closed = (moment(row[name]) for name in ("OPEN_DT", "TARGET_DT", "CLOSED_DT"))
        assert opened
        if closed and closed < opened:
            continue
        district = row["pwd_district"].strip() or NO_DISTRICT
        weeks[week_of(opened)].complaints[district] += 1
        if due and closed and closed <= due:
            weeks[week_of(due)].met[district] += 1
        elif due:
            weeks[week_of(due)].breached[district] += 1
    return weeks


def check(ranking: FrozenRanking, week: Week, before: dict[str, int | None]) -> None:
    """Number by number; without a customer's word there is no composite."""
    fair, ranks = week.fair(), week.ranks()
    rows = {row["branch"]["code"]: row for row in ranking.rows}
    assert len(rows) == DISTRICTS
    assert set(week.complaints | week.met | week.breached) <= set(rows)
    for district, row in rows.items():
        met, breached, n = week.met[district], week.breached[district], week.decided(district)
        assert row["complaints"] == row["valid"] == week.complaints[district]
        assert row["timers"]["result"] == NONE | {"met": met, "breached": breached}
        assert all(row["timers"][other] == NONE for other in ("apology", "work_order", "callback"))
        assert (row["pooled"]["met"], row["pooled"]["n"]) == (met, n)
        assert (row["score"], row["rank"]) == (None, None)
        assert row["barrier"] == ("customers" if n >= 10 else "nothing")
        part = row["parts"]["on_time"]
        assert (part["hits"], part["n"], part["raw"]) == (met, n, met / n if n else None)
        assert part["rank"] == ranks.get(district)
        assert part["previous_rank"] == before.get(district)
        if n:
            assert (part["value"], part["expected_rank"]) == pytest.approx(fair[district], rel=1e-9)
        assert row["all_four"]["n"] == 0
    company = ranking.company
    assert (company["complaints"], company["pooled"]["met"]) == (
        week.complaints.total(),
        week.met.total(),
    )


def test_boston_rankings_are_those_of_the_raw_file(real_data: Path, settings: Settings) -> None:
    settings.TIME_ZONE = "America/New_York"
    headquarters()
    path = real_data / "boston_311_2015_h1.csv.gz"
    quiet = {"stdout": StringIO(), "stderr": StringIO()}
    call_command("import_complaints", path, profile="boston_311", **quiet)
    weeks, before = recomputed(path), dict[str, int | None]()
    for key in WEEKS:
        call_command("close_period", key, **quiet)
        ranking = FrozenRanking.objects.get(period=key, level="branch")
        check(ranking, weeks[key], before)
        before = {row["branch"]["code"]: row["parts"]["on_time"]["rank"] for row in ranking.rows}
    assert FrozenRanking.objects.count() == 2 * len(WEEKS)
    twelfth = FrozenRanking.objects.get(period="2015-W12", level="region")
    assert [row["branch"]["code"] for row in twelfth.rows] == [NO_DISTRICT]
    assert (twelfth.company["complaints"], twelfth.company["pooled"]["met"]) == (2561, 753)
    assert sum(week.complaints.total() for week in weeks.values()) == 58_035
    assert sum(week.met.total() for week in weeks.values()) == 27_255
