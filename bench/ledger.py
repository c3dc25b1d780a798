"""Balance, statement and leaderboard over a long ledger, against the bare statements."""

from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.company import Company
from bench.result import Result, milliseconds
from bench.server import Server, Visit, compared, serving, with_token
from csm.kit import clock, periods
from organisation.models import Person
from staff.actions import earning
from staff.models import PointRule

# Among fewer, the page itself takes longer than summing.
ENTRIES, FEWEST = 5_000_000, 1_000_000
PER_PERSON, DAYS = 500, 360
VISITS, LEAST_VISITS, TIMES = 60, 30, 5
BALANCE, STATEMENT = "/api/v1/points/balance/", "/api/v1/points/"
FILLED = """
INSERT INTO staff_pointentry
    (person_id, branch_id, rule_id, revision_id, points, source_kind, source_id, reason, earned_on,
     at)
SELECT p.ids[1 + i %% cardinality(p.ids)], b.ids[1 + i %% cardinality(p.ids) %% cardinality(b.ids)],
       %(rule)s, (SELECT id FROM staff_pointrulerevision WHERE rule_id = %(rule)s),
       1 + i %% 9, 'callback', 1000000000 + i, '', %(today)s::date - (i * 7 %% %(days)s)::int,
       %(now)s
FROM generate_series(1, %(count)s::int) i,
     (SELECT array_agg(id ORDER BY id) AS ids FROM organisation_person) p,
     (SELECT array_agg(id ORDER BY id) AS ids FROM organisation_branch WHERE level = 'branch') b
"""
# What the triggers do in life, which are asleep here.
BALANCES = """
INSERT INTO staff_pointaccount (person_id, balance, is_shown)
SELECT person_id, sum(points), true FROM staff_pointentry GROUP BY person_id
ON CONFLICT (person_id) DO UPDATE SET balance = excluded.balance
"""
BY_HAND = """
SELECT rank() OVER (ORDER BY s.points DESC), p.name, s.points
FROM (
    SELECT person_id, sum(points) AS points FROM staff_pointentry
    WHERE earned_on BETWEEN %(first)s AND %(last)s AND source_kind <> 'redemption'
    GROUP BY person_id
) s
JOIN organisation_person p ON p.id = s.person_id
ORDER BY s.points DESC LIMIT 100
"""


def measure(scale: float, made: Company) -> list[Result]:
    """The calls of one person among all; the whole leaderboard of a quarter, through the door."""
    fill(max(int(ENTRIES * scale), FEWEST))
    times = max(int(VISITS * scale), LEAST_VISITS)
    headers = with_token(made.handler)
    with serving(times) as server:
        results = [
            _probed(server, headers, "balance", BALANCE, "/bench/points/balance/"),
            _probed(server, headers, "statement", STATEMENT, "/bench/points/"),
        ]
    return [*results, _board(made), _sweep()]


def fill(entries: int) -> None:
    """So many lines, of people who have some hundred each, over a year."""
    missing = entries // PER_PERSON - Person.objects.count()
    people = (Person(name=f"员工{n}", password="!") for n in range(missing))
    Person.objects.bulk_create(people, batch_size=5000)
    now = clock.now()
    given: dict[str, Any] = {
        "rule": PointRule.objects.get(code="satisfied-callback").pk,
        "count": entries,
        "days": DAYS,
        "today": timezone.localdate(now),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILLED, given)
        cursor.execute(BALANCES)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE staff_pointentry")


def _probed(server: Server, headers: dict[str, str], name: str, ours: str, bare: str) -> Result:
    """Against a bare call that reads the same rows by the same index."""
    mine, theirs = compared(server, Visit(ours, headers), Visit(bare, headers), times=server.times)
    ratio = mine.median / theirs.median
    return Result(f"{name} of a long ledger, against an index probe", mine.median, theirs.median,
                  ratio, 2)  # fmt: skip


def _board(made: Company) -> Result:
    zone = timezone.get_default_timezone()
    quarter = periods.at(clock.now(), kind="quarter", zone=zone).previous
    client = Client(SERVER_NAME="localhost")
    client.force_login(made.quality)
    address = f"{reverse('points-board')}?period={quarter.key}"
    ours = milliseconds(lambda: _read(client, address), TIMES)
    reference = milliseconds(lambda: _by_hand(quarter.first_on, quarter.last_on), TIMES)
    name = "leaderboard of a quarter, the whole page, against its one statement"
    return Result(name, ours, reference, ours / reference, 2)


def _sweep() -> Result:
    """A round in which nothing was earned or taken back, as a minute usually brings."""
    now = clock.now()
    earning.settle(now=now)
    ours = milliseconds(lambda: earning.settle(now=now), TIMES)
    reference = milliseconds(_select, TIMES) * 3 + 5
    name = "points, nothing due, over a long ledger against 3 × SELECT 1 + 5 ms"
    return Result(name, ours, reference, ours / reference, 1)


def _select() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _read(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200


def _by_hand(first: date, last: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"first": first, "last": last})
        assert len(cursor.fetchall()) == 100
