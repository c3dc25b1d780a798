"""Work orders beside the complaints of `company`: a quarter of them from dissatisfied items."""

from django.db import connection

from bench.company import Company
from complaints.actions import order_opening
from complaints.models import DissatisfiedItem, WorkOrder
from complaints.models.dissatisfied_item import THRESHOLD
from customers.models import Customer
from organisation.models import Branch

ITEMS = """
INSERT INTO complaints_dissatisfieditem
SELECT made.*
FROM generate_series(1, %(orders)s::int) i,
     (SELECT to_jsonb(d) AS card FROM complaints_dissatisfieditem d WHERE id = %(item)s) first,
     LATERAL jsonb_populate_record(NULL::complaints_dissatisfieditem,
        first.card || jsonb_build_object(
            'id', 1000 + i, 'status', 'ordered', 'score', round((i %% 700)::numeric / 100, 2),
            'branch_id', (%(branches)s::bigint[])[
                1 + floor(pg_temp.chance(i, 40) * cardinality(%(branches)s::bigint[]))::int],
            'customer_id', 1001 + floor(pg_temp.chance(i, 41) * %(customers)s)::int,
            'opinion', pg_temp.one(%(things)s, pg_temp.chance(i, 42))
                || pg_temp.one(%(faults)s, pg_temp.chance(i, 43)),
            'plan', pg_temp.one(%(phrases)s, pg_temp.chance(i, 44)))) made
WHERE i %% 4 = 0
"""
# Three of four come from a complaint, from a finding, or by hand. The newest fiftieth is a draft, a
# tenth of the others waits for the verdict.
ORDERS = """
INSERT INTO complaints_workorder
SELECT made.*
FROM generate_series(1, %(orders)s::int) i,
     (SELECT to_jsonb(o) AS card FROM complaints_workorder o WHERE id = %(order)s) first,
     LATERAL (SELECT
        %(now)s::timestamptz - (%(orders)s - i + 1) * interval '700 days' / %(orders)s AS at,
        i > %(orders)s * 0.98 AS is_draft, i %% 10 = 0 AS waits,
        (ARRAY['complaint', 'complaint', 'hand'])[i %% 4] AS source) told,
     LATERAL (SELECT branch_id, customer_id FROM complaints_complaint
              WHERE id = 1000 + greatest(1, i * %(spread)s)::int) c,
     LATERAL (SELECT coalesce(max(branch_id), c.branch_id) AS branch_id,
                     coalesce(max(customer_id), c.customer_id) AS customer_id
              FROM complaints_dissatisfieditem WHERE id = 1000 + i AND i %% 4 = 0) d,
     LATERAL jsonb_populate_record(NULL::complaints_workorder, first.card || jsonb_build_object(
        'id', 1000 + i, 'source', coalesce(told.source, 'item'),
        'item_id', CASE WHEN told.source IS NULL THEN 1000 + i END,
        'occasion', CASE WHEN told.source = 'hand' THEN '专项检查' ELSE '' END,
        'branch_id', d.branch_id, 'customer_id', d.customer_id,
        'owner_id', (%(handlers)s::bigint[])[1 + i %% cardinality(%(handlers)s::bigint[])],
        'title_subject', pg_temp.one(%(things)s, pg_temp.chance(i, 45)),
        'title_nature', pg_temp.one(%(faults)s, pg_temp.chance(i, 46)),
        'title_content', pg_temp.one(%(phrases)s, pg_temp.chance(i, 47)),
        'created_at', told.at, 'saved_at', told.at,
        'promised_on', (told.at + interval '20 days')::date,
        'status', CASE WHEN told.is_draft THEN 'draft'
                       WHEN told.waits THEN 'submitted' ELSE 'confirmed' END)
     || CASE WHEN told.is_draft THEN '{}'::jsonb ELSE jsonb_build_object(
        'number', '问字【' || extract(year FROM told.at) || '】' || lpad(i::text, 6, '0') || '号',
        'year', extract(year FROM told.at)::int, 'sequence', i, 'numbered_at', told.at,
        'submitted_at', told.at, 'submitted_by_id', (%(handlers)s::bigint[])[1]) END
     || CASE WHEN told.is_draft OR told.waits THEN '{}'::jsonb ELSE jsonb_build_object(
        'confirmed_at', told.at + interval '2 days', 'confirmed_by_id', %(quality)s) END) made
"""
LINKS = """
INSERT INTO complaints_ordercomplaint (order_id, complaint_id, cycle)
SELECT o.id, 1000 + greatest(1, (o.id - 1000) * %(spread)s)::int, 1
FROM complaints_workorder o WHERE o.id > 1000 AND o.source = 'complaint'
"""
CLOCKS = """
INSERT INTO complaints_timer
    (work_order_id, kind, cycle, state, started_at, due_at, fire_at, met_at, met_evidence,
     owner_branch_id, verdict_branch_id, owner_id, paused_seconds, waiver_code, fire_failures)
SELECT o.id, 'rework', 1, CASE WHEN o.submitted_at IS NULL THEN 'running' ELSE 'met' END,
       o.created_at, o.created_at + interval '48 hours', '{}', o.submitted_at,
       CASE WHEN o.submitted_at IS NULL THEN '' ELSE 'order:' || o.id END,
       o.branch_id, o.branch_id, o.owner_id, 0, '', 0
FROM complaints_workorder o WHERE o.id > 1000 AND o.source <> 'complaint'
"""


def grow(made: Company, orders: int, complaints: int) -> None:
    """So many orders; those that come from a complaint are spread over so many complaints."""
    first = _first(made)
    given = {
        **made.given,
        "orders": orders,
        "spread": complaints / orders,
        "order": first.pk,
        "item": first.item_id,
        "quality": made.quality.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (ITEMS, ORDERS, LINKS, CLOCKS):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _first(made: Company) -> WorkOrder:
    """What the others are made after."""
    item = DissatisfiedItem.objects.create(
        customer=Customer.objects.earliest("pk"),
        branch=Branch.objects.filter(level="branch").earliest("pk"),
        score=5,
        threshold=THRESHOLD,
        opinion="异常响应速度较慢",
        recorded_at=made.given["now"],
        recorded_by=made.quality,
    )
    return order_opening.open_for_item(item=item, by=made.quality, now=made.given["now"])
