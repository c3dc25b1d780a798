"""How long a customer's page takes among many entries of timelines."""

from django.db import connection

from bench.company import Company
from bench.pages import BARE, LEAST_TIMES, TIMES, Reader, against
from bench.result import Result
from bench.server import serving
from bench.steps import run
from csm.kit import clock
from customers.models import Customer, TimelineEntry

ENTRIES, FEWEST = 5_000_000, 5_000
KINDS = ["complaint", "callback", "survey_answered", "customer_visit"]
FILLED = """
INSERT INTO customers_timelineentry
    (customer_id, at, kind, title, branch_id, url_name, reference)
SELECT c.id, %(now)s - (i * 37 + c.id %% 1000) * interval '1 minute',
       (%(kinds)s::text[])[1 + i %% 4], '送货迟到', c.home_branch_id, 'customer-visits',
       c.id || '/bench-' || i
FROM customers_customer c, generate_series(1, %(each)s::int) i
"""


def measure(scale: float, made: Company) -> list[Result]:
    """Of the account with the most entries, to its branch and to headquarters."""
    now = clock.now()
    number = Customer.objects.count()
    each = max(int(max(ENTRIES * scale, FEWEST)) // number, 25)
    run(FILLED, {"now": now, "each": each, "kinds": KINDS})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_timelineentry")
    assert TimelineEntry.objects.count() >= number * each
    branch = Reader("a branch", made.handler)
    top = Reader("headquarters", made.quality)
    found = Customer.objects.filter(home_branch__postings__person=made.handler)[0]
    path = f"/customers/{found.pk}/"
    count = top.queries(path)
    results = [Result("queries of the customer page", count, 1, count, 15)]
    with serving(max(int(TIMES * scale), LEAST_TIMES)) as server:
        for who in (branch, top):
            name = f"customer page among {number * each:,} entries, {who.name}"
            results.append(against(server, name, who.visit(path), who.visit(BARE), 6))
        deep = who.visit(f"{path}timeline/", kind="visits")
        results.append(against(server, "timeline of a customer by kind", deep, who.visit(BARE), 6))
    return results
