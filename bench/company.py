"""A company with a past: 500 branches, and as many complaints as are asked for.

The first complaint is taken in as in life; the database multiplies it. So a new column of a table
needs nothing here.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from complaints.actions import categories, intake
from complaints.models import Complaint
from csm.kit import clock
from customers.actions.customers import Caller
from organisation.actions import branches, people
from organisation.models import Branch, Person, Role

REGIONS, BRANCHES = 20, 479
CATEGORIES = 30
CUSTOMERS_MADE = 100_000
DAYS = 730
# Written at once: what a statement's triggers hold in memory.
BATCH = 50_000

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))

# Numbers from 0 to 1 that look thrown and are the same each time.
CHANCE = """
CREATE FUNCTION pg_temp.chance(i bigint, salt integer) RETURNS float LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(i, salt) & 1048575) / 1048576.0
$$;
CREATE FUNCTION pg_temp.one(words text[], chance float) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT words[1 + floor(chance * cardinality(words))::int]
$$
"""

CUSTOMERS = """
INSERT INTO customers_customer
SELECT made.*
FROM generate_series(1, %(count)s::int) i,
     (SELECT to_jsonb(c) AS card FROM customers_customer c WHERE id = %(template)s) first,
     LATERAL jsonb_populate_record(NULL::customers_customer, first.card || jsonb_build_object(
        'id', 1000 + i, 'kind', 'company', 'grade', '3A', 'tier', '',
        'home_branch_id', (%(branches)s::bigint[])[1 + i %% cardinality(%(branches)s::bigint[])],
        'name', pg_temp.one(%(cities)s, pg_temp.chance(i, 1))
            || pg_temp.one(%(brands)s, pg_temp.chance(i, 2))
            || pg_temp.one(%(trades)s, pg_temp.chance(i, 3)) || '有限公司')) made
"""

# The newest fiftieth is still open, a tenth of it not assigned yet.
COMPLAINTS = """
INSERT INTO complaints_complaint
SELECT made.*
FROM generate_series(%(first)s::int, %(last)s::int) i,
     (SELECT to_jsonb(c) AS card FROM complaints_complaint c WHERE id = %(template)s) first,
     LATERAL (SELECT
        %(now)s::timestamptz - (%(count)s - i + 1) * interval '%(days)s days' / %(count)s AS at,
        i > %(count)s * 0.98 AS is_open,
        i > %(count)s * 0.98 AND i %% 10 = 0 AS is_new,
        1 + floor(pg_temp.chance(i, 4) * cardinality(%(branches)s::bigint[]))::int AS place
     ) told,
     LATERAL jsonb_populate_record(NULL::complaints_complaint, first.card || jsonb_build_object(
        'id', 1000 + i, 'number', 'TS' || to_char(told.at, 'YYYYMMDD') || '-' || i,
        'submission', NULL, 'received_at', told.at, 'logged_at', told.at,
        'subject', pg_temp.one(%(things)s, pg_temp.chance(i, 5))
            || pg_temp.one(%(faults)s, pg_temp.chance(i, 6)),
        'description', concat_ws('，',
            pg_temp.one(%(phrases)s, pg_temp.chance(i, 7) ^ 3),
            pg_temp.one(%(phrases)s, pg_temp.chance(i, 8) ^ 3),
            pg_temp.one(%(cities)s, pg_temp.chance(i, 9)) || '站'
                || pg_temp.one(%(faults)s, pg_temp.chance(i, 10)),
            pg_temp.one(%(phrases)s, pg_temp.chance(i, 11) ^ 3)),
        'waybill', 'YD' || 100000000 + i, 'contact_digits', 13000000000 + i * 37,
        'contact_name', '', 'contact_phone', '',
        'customer_id', 1001 + floor(pg_temp.chance(i, 12) * %(customers)s)::int,
        'category_id',
        (%(categories)s::bigint[])[1 + i %% cardinality(%(categories)s::bigint[])],
        'intake_branch_id', (%(branches)s::bigint[])[told.place],
        'branch_id',
        CASE WHEN told.is_new THEN %(top)s ELSE (%(branches)s::bigint[])[told.place] END,
        'handler_id', CASE WHEN NOT told.is_new THEN (%(handlers)s::bigint[])[told.place] END,
        'severity', (ARRAY['low', 'normal', 'normal', 'high', 'critical'])[1 + i %% 5],
        'status', CASE
            WHEN told.is_new THEN 'received'
            WHEN told.is_open THEN (ARRAY['assigned', 'handling'])[1 + i / 10 %% 2]
            ELSE 'closed' END,
        'triaged_at', CASE WHEN NOT told.is_new THEN told.at + interval '40 minutes' END,
        'apologised_at', CASE WHEN NOT told.is_open THEN told.at + interval '30 minutes' END,
        'answered_at', CASE WHEN NOT told.is_open THEN told.at + interval '20 hours' END,
        'called_back_at', CASE WHEN NOT told.is_open THEN told.at + interval '44 hours' END,
        'closed_at', CASE WHEN NOT told.is_open THEN told.at + interval '45 hours' END,
        'next_due_at', CASE WHEN told.is_open
            THEN told.at + interval '1 hour' + pg_temp.chance(i, 13) * interval '240 hours' END
     )) made
"""

# An eighth of the clocks that are met were met too late.
TIMERS = """
INSERT INTO complaints_timer
SELECT made.*
FROM complaints_complaint c
CROSS JOIN (
    SELECT to_jsonb(t) AS card, t.due_at - t.started_at AS span,
           row_number() OVER (ORDER BY id) AS place
    FROM complaints_timer t WHERE t.complaint_id = %(template)s) first
CROSS JOIN LATERAL (SELECT
    c.closed_at IS NULL AS runs,
    coalesce(c.next_due_at, c.received_at + first.span) AS due) told
CROSS JOIN LATERAL jsonb_populate_record(NULL::complaints_timer, first.card || jsonb_build_object(
    'id', 10000 + c.id * 4 + first.place, 'complaint_id', c.id, 'started_at', c.received_at,
    'due_at', told.due, 'owner_branch_id', c.branch_id, 'verdict_branch_id', c.branch_id,
    'fire_at', CASE WHEN told.runs
        THEN to_jsonb(ARRAY[%(now)s::timestamptz + interval '9 days']) ELSE '[]'::jsonb END,
    'next_fire_at', CASE WHEN told.runs THEN %(now)s::timestamptz + interval '9 days' END,
    'state', CASE WHEN told.runs THEN 'running' ELSE 'met' END,
    'met_evidence', CASE WHEN told.runs THEN '' ELSE 'note' END,
    'met_at', CASE WHEN NOT told.runs THEN c.received_at
        + first.span * (0.2 + 0.914 * pg_temp.chance(c.id, 20 + first.place::int)) END)) made
WHERE c.id BETWEEN 1000 + %(first)s AND 1000 + %(last)s
"""
# What the trigger writes in life, which is asleep here.
TEXTS = """
INSERT INTO complaints_searchtext (complaint_id, text)
SELECT c.id, complaints_search_text(
    c.number, c.subject, c.waybill, c.contact_name, customer.name, c.description)
FROM complaints_complaint c LEFT JOIN customers_customer customer ON customer.id = c.customer_id
WHERE c.id BETWEEN 1000 + %(first)s AND 1000 + %(last)s
"""
EVENTS = """
INSERT INTO complaints_event (complaint_id, kind, at, by_id, cycle, data)
SELECT id, 'logged', received_at, logged_by_id, 1, '{"channel": "hotline"}'
FROM complaints_complaint WHERE id BETWEEN 1000 + %(first)s AND 1000 + %(last)s
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE NOT indisunique AND indrelid IN (
    'complaints_complaint'::regclass, 'complaints_timer'::regclass,
    'complaints_searchtext'::regclass, 'complaints_event'::regclass)
"""
# The one with a long history.
LONG = """
INSERT INTO complaints_event (complaint_id, kind, at, by_id, cycle, data)
SELECT c.id, (ARRAY['handler_named', 'urged', 'accepted'])[1 + i %% 3],
       c.received_at + i * interval '1 minute', c.logged_by_id, 1,
       jsonb_build_object('handler', c.handler_id, 'count', i)
FROM complaints_complaint c, generate_series(1, 199) i WHERE c.id = %(complaint)s
"""


@dataclass(frozen=True)
class Company:
    """Who there is: `given` names places, people and words to the statements above."""

    quality: Person
    handler: Person
    given: dict[str, Any]


@contextmanager
def founded(scale: float) -> Iterator[Company]:
    """A company of its own database, which vanishes afterwards."""
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield found(max(int(CUSTOMERS_MADE * scale), 50), clock.now())
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def found(customers: int, now: datetime) -> Company:
    """500 branches with their people, and customers; the same numbers give the same rows."""
    places = _tree()
    everybody = _people(places)
    template = _first(everybody[0], now)
    given = {**_given(template), "customers": customers, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(CHANCE)
        cursor.execute(CUSTOMERS, {**given, "count": customers, "template": template.customer_id})
        _go_on(cursor, "customers_customer")
    return Company(everybody[0], everybody[1], given)


def grow(made: Company, first: int, last: int) -> None:
    """The complaints from `first` to `last`, with four clocks each and a line of history."""
    with connection.cursor() as cursor, _in_haste(cursor):
        for start in range(first, last + 1, BATCH):
            part = {
                **made.given,
                "first": start,
                "last": min(start + BATCH - 1, last),
                "count": last,
                "days": DAYS,
            }
            for statement in (COMPLAINTS, TIMERS, TEXTS, EVENTS):
                cursor.execute(statement, part)
        for table in ("complaints_complaint", "complaints_timer"):
            _go_on(cursor, table)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def with_long_history(last: int) -> Complaint:
    """An assigned complaint, with 200 lines of history from now on."""
    complaint = Complaint.objects.get(pk=1000 + last - last % 10 - 9)
    with connection.cursor() as cursor:
        cursor.execute(LONG, {"complaint": complaint.pk})
    return complaint


def _go_on(cursor: Any, table: str) -> None:
    """Let the next row have the next key."""
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _tree() -> list[Branch]:
    top = branches.create(code="HQ", name="总部", level="headquarters", parent=None, by=None)
    cities, brands = WORDS["cities"], WORDS["brands"]
    regions = [
        branches.create(
            code=f"R{i}",
            name=f"{cities[i % 16]}大区{i}",
            level="region",
            parent=top,
            by=None,
        )
        for i in range(REGIONS)
    ]
    below = [
        branches.create(
            code=f"B{i}",
            name=f"{cities[i % 16]}{brands[i // 16 % 16]}分拨中心{i}",
            level="branch",
            parent=regions[i % REGIONS],
            by=None,
        )
        for i in range(BRANCHES)
    ]
    return [top, *below]


def _people(places: list[Branch]) -> list[Person]:
    roles = [Role.QUALITY_MANAGER, *(Role.HANDLER for _place in places[1:])]
    return [
        people.create(name=f"职员{i}", username=f"p{i}", by=None, postings=[(place, role)])
        for i, (place, role) in enumerate(zip(places, roles, strict=True))
    ]


def _first(by: Person, now: datetime) -> Complaint:
    """What the others are made after; it is numbered below them all."""
    category, *_ = [
        categories.create(code=f"K{i}", name=f"类别{i}", parent=None, by=None)
        for i in range(CATEGORIES)
    ]
    return intake.log_complaint(
        subject="外包装破损",
        by=by,
        now=now,
        category=category,
        caller=Caller(name="王小明", phone="13800138000"),
    )


def _given(template: Complaint) -> dict[str, Any]:
    return {
        **WORDS,
        "branches": _ids("SELECT id FROM organisation_branch WHERE level = 'branch' ORDER BY id"),
        "categories": _ids("SELECT id FROM complaints_category ORDER BY id"),
        "handlers": _ids(
            "SELECT person_id FROM organisation_posting WHERE role = 'handler' ORDER BY branch_id"
        ),
        "top": template.branch_id,
        "template": template.pk,
    }


def _ids(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [pk for (pk,) in cursor.fetchall()]


@contextmanager
def _in_haste(cursor: Any) -> Iterator[None]:
    """Without triggers, and with the indexes made at once afterwards, which is quicker."""
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    cursor.execute("SET session_replication_role = replica")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute("SET session_replication_role = DEFAULT")
