"""The statements of value, for all customers at once: figures, stages, tiers, labels.

`%(on)s` is the day for which they hold. Of a period that is not over yet, what has come in so far
counts for the days that have passed.
"""

# F-09 and K-04 for the day; `in_90` and `in_180` are the shares of a period within these days. They
# are worked out for those periods alone that reach into them: most of the table does not.
# What is materialized is asked for several times, and would be worked out as often.
SCORED = """
WITH rule AS (SELECT * FROM customers_valuerule ORDER BY number DESC LIMIT 1),
figures AS (
    SELECT v.customer_id, min(v.starts_on) AS first_on, max(least(v.last_on, %(on)s)) AS last_on,
           coalesce(round(sum(v.shipments * s.in_90) FILTER (WHERE e.is_in_90)::numeric, 2), 0)
               AS orders,
           coalesce(round(sum(v.revenue * s.in_90) FILTER (WHERE e.is_in_90)::numeric, 2), 0)
               AS revenue,
           coalesce(round(sum(v.revenue * (s.in_180 - s.in_90))
                          FILTER (WHERE e.is_before)::numeric, 2), 0) AS revenue_before
    FROM customers_customervolume v
    CROSS JOIN LATERAL (
        SELECT v.starts_on + v.days > %(on)s::date - 89 AS is_in_90,
               v.starts_on < %(on)s::date - 89 AND v.starts_on + v.days > %(on)s::date - 179
                   AS is_before
    ) e
    CROSS JOIN LATERAL (SELECT least(v.days, %(on)s::date - v.starts_on + 1) AS days) k
    CROSS JOIN LATERAL (
        SELECT greatest(0, least(k.days, v.starts_on + k.days - (%(on)s::date - 89)))
                   / k.days::float8 AS in_90,
               greatest(0, least(k.days, v.starts_on + k.days - (%(on)s::date - 179)))
                   / k.days::float8 AS in_180
    ) s
    WHERE v.starts_on <= %(on)s AND v.shipments > 0
    GROUP BY v.customer_id
),
course AS MATERIALIZED (
    SELECT coalesce(sum(revenue) / nullif(sum(revenue_before), 0), 1) AS ratio FROM figures
),
scores AS MATERIALIZED (
    SELECT f.*, %(on)s::date - f.last_on AS ago,
           CASE WHEN %(on)s::date - f.last_on <= r.recency[1] THEN 5
                WHEN %(on)s::date - f.last_on <= r.recency[2] THEN 4
                WHEN %(on)s::date - f.last_on <= r.recency[3] THEN 3
                WHEN %(on)s::date - f.last_on <= r.recency[4] THEN 2 ELSE 1 END AS recency,
           CASE WHEN f.orders >= r.frequency[1] THEN 5 WHEN f.orders >= r.frequency[2] THEN 4
                WHEN f.orders >= r.frequency[3] THEN 3 WHEN f.orders >= r.frequency[4] THEN 2
                ELSE 1 END AS frequency,
           CASE WHEN f.revenue >= r.money[1] THEN 5 WHEN f.revenue >= r.money[2] THEN 4
                WHEN f.revenue >= r.money[3] THEN 3 WHEN f.revenue >= r.money[4] THEN 2
                ELSE 1 END AS money
    FROM figures f, rule r
),
indexed AS MATERIALIZED (
    SELECT s.*, (r.weights[1] * s.recency + r.weights[2] * s.frequency + r.weights[3] * s.money)
                    / 100.0 AS index
    FROM scores s, rule r
),
scored AS (
    SELECT i.*,
           CASE WHEN index >= r.tiers[1] THEN 'diamond' WHEN index >= r.tiers[2] THEN 'gold'
                WHEN index >= r.tiers[3] THEN 'silver' ELSE 'basic' END AS proposed,
           CASE WHEN ago > r.left_days THEN 'left'
                WHEN ago > r.silent_days THEN 'decline'
                WHEN %(on)s::date - first_on < r.young_days THEN 'acquisition'
                WHEN revenue < revenue_before * c.ratio * (100 - r.decline) / 100 THEN 'decline'
                WHEN revenue >= revenue_before * c.ratio * (100 + r.growth) / 100 THEN 'growth'
                ELSE 'maturity' END AS stage,
           r.number AS rule_number
    FROM indexed i, rule r, course c
)
"""
# Who counts what a rule says: everybody but those who refused it.
JUDGED = "JOIN customers_customer c ON c.id = s.customer_id AND c.declines_labels_at IS NULL"
FIGURES = (
    SCORED
    + """
INSERT INTO customers_customervalue
    (customer_id, as_of, first_on, last_on, orders, revenue, revenue_before, recency, frequency,
     money, index, proposed, stage, rule_number, rule_tier, lower, lower_best)
SELECT customer_id, %(on)s, first_on, last_on, orders, revenue, revenue_before, recency, frequency,
       money, index, proposed, stage, rule_number, '', 0, ''
FROM scored ORDER BY customer_id
ON CONFLICT (customer_id) DO UPDATE SET
    as_of = excluded.as_of, first_on = excluded.first_on, last_on = excluded.last_on,
    orders = excluded.orders, revenue = excluded.revenue,
    revenue_before = excluded.revenue_before, recency = excluded.recency,
    frequency = excluded.frequency, money = excluded.money, index = excluded.index,
    proposed = excluded.proposed, stage = excluded.stage, rule_number = excluded.rule_number
"""
)
# Of a table that was filled a moment ago the planner knows nothing, and would join row by row.
UNKNOWN = """
SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(%(table)s) AND reltuples <= 0)
"""
LEARN = {
    "customers_customervalue": "ANALYZE customers_customervalue",
    "customers_label": "ANALYZE customers_label",
}
# A card on which somebody wrote another tier begins from there.
ADOPT = """
UPDATE customers_customervalue v SET rule_tier = c.tier, lower = 0, lower_best = ''
FROM customers_customer c
WHERE c.id = v.customer_id AND c.kind = 'person' AND c.tier <> '' AND v.rule_tier <> c.tier
  AND NOT EXISTS (
      SELECT FROM customers_label l WHERE l.customer_id = c.id AND l.kind = 'tier'
      AND l.by_hand AND l.ended_on IS NULL
  )
"""
# The branches of which the month is known. Found once: asked for each customer, all their periods
# would be read each time.
READY = """
ready AS MATERIALIZED (
    SELECT DISTINCT branch_id FROM customers_customervolume
    WHERE starts_on <= %(on)s AND starts_on + days > %(first)s
)
"""
# Whether anybody waits for the end of a month: most nights nobody does, and nothing is counted.
WAITING = (
    "WITH"
    + READY
    + """
SELECT EXISTS (
    SELECT FROM customers_customervalue WHERE settled_on IS NULL OR settled_on < %(on)s
) AND EXISTS (
    SELECT FROM customers_customervalue w
    JOIN customers_customer c ON c.id = w.customer_id AND c.declines_labels_at IS NULL
    WHERE (w.settled_on IS NULL OR w.settled_on < %(on)s)
      AND c.home_branch_id IN (SELECT branch_id FROM ready)
)
"""
)
# A month that is over: up at once, down only after two months in a row (F-09). Customers of a
# branch of which the month is not known yet wait.
SETTLE = (
    SCORED
    + ","
    + READY
    + """
UPDATE customers_customervalue v SET
    settled_on = %(on)s, settled_index = s.index,
    rule_tier = CASE WHEN s.rank >= s.rank_now THEN s.proposed
                     WHEN v.lower > 0 THEN (s.names)[greatest(s.rank, s.rank_lower)]
                     ELSE v.rule_tier END,
    lower = CASE WHEN s.rank >= s.rank_now OR v.lower > 0 THEN 0 ELSE 1 END,
    lower_best = CASE WHEN s.rank >= s.rank_now OR v.lower > 0 THEN '' ELSE s.proposed END
FROM (
    SELECT s.*, n.names, array_position(n.names, s.proposed::text) AS rank,
           coalesce(array_position(n.names, w.rule_tier::text), 0) AS rank_now,
           coalesce(array_position(n.names, w.lower_best::text), 0) AS rank_lower
    FROM scored s
    JOIN customers_customervalue w ON w.customer_id = s.customer_id
    CROSS JOIN (SELECT ARRAY['basic', 'silver', 'gold', 'diamond'] AS names) n
    """
    + JUDGED
    + """
    WHERE (w.settled_on IS NULL OR w.settled_on < %(on)s)
      AND c.home_branch_id IN (SELECT branch_id FROM ready)
) s
WHERE v.customer_id = s.customer_id
"""
)
# Joined, since in the first night the list names everybody.
ASKED = "JOIN unnest(%(customers)s::bigint[]) AS asked (id) ON asked.id = s.customer_id "
# What the rules say now of each kind.
SAID = """
WITH said AS (
    SELECT s.customer_id, 'stage' AS kind, s.stage AS value, s.rule_number, jsonb_build_object(
               'first_on', s.first_on, 'last_on', s.last_on, 'revenue', s.revenue,
               'before', s.revenue_before) AS evidence
    FROM customers_customervalue s """
SAID += (
    ASKED
    + JUDGED
    + """
    UNION ALL
    SELECT s.customer_id, 'tier', s.rule_tier, s.rule_number, jsonb_build_object(
               'index', s.settled_index, 'on', s.settled_on, 'lower', s.lower)
    FROM customers_customervalue s """
    + ASKED
    + JUDGED
    + """ WHERE s.rule_tier <> '' AND s.settled_on IS NOT NULL
)
"""
)
# Whose labels are not what the rules say now, or whose card is not what the labels say: most
# nights these are few, and the statements below look at them alone.
DIFFERING = """
SELECT s.customer_id
FROM customers_customervalue s
JOIN customers_customer c ON c.id = s.customer_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.declines_labels_at IS NULL THEN s.stage END AS stage,
           CASE WHEN c.declines_labels_at IS NULL AND s.settled_on IS NOT NULL
                THEN nullif(s.rule_tier, '') END AS tier
) said
LEFT JOIN customers_label g ON g.customer_id = s.customer_id AND g.kind = 'stage'
 AND g.ended_on IS NULL AND NOT g.by_hand
LEFT JOIN customers_label t ON t.customer_id = s.customer_id AND t.kind = 'tier'
 AND t.ended_on IS NULL AND NOT t.by_hand
WHERE said.stage IS DISTINCT FROM g.value OR said.tier IS DISTINCT FROM t.value
   OR least(g.expires_on, t.expires_on) <= %(on)s::date + 7
   OR c.stage <> coalesce(g.value, '')
   OR c.tier <> CASE WHEN c.kind = 'person' THEN coalesce(t.value, c.tier) ELSE '' END
"""
# Also what a person decided ends on its day.
EXPIRE = """
UPDATE customers_label SET ended_on = %(on)s WHERE ended_on IS NULL AND by_hand
AND expires_on <= %(on)s
RETURNING customer_id
"""
ENDING = """
UPDATE customers_label l SET ended_on = %(on)s
WHERE l.ended_on IS NULL AND NOT l.by_hand AND l.kind = ANY(%(kinds)s)
  AND (%(customers)s::bigint[] IS NULL OR l.customer_id = ANY(%(customers)s))
  AND NOT EXISTS (
    SELECT FROM said WHERE said.customer_id = l.customer_id AND said.kind = l.kind
    AND said.value = l.value
)
RETURNING l.customer_id
"""
END = SAID + ENDING
RENEW = (
    SAID
    + """
UPDATE customers_label l SET expires_on = %(on)s::date + r.valid_days, evidence = said.evidence,
    rule_number = said.rule_number
FROM said, (SELECT valid_days FROM customers_valuerule ORDER BY number DESC LIMIT 1) r
WHERE l.ended_on IS NULL AND NOT l.by_hand AND said.customer_id = l.customer_id
  AND said.kind = l.kind AND l.expires_on <= %(on)s::date + 7
"""
)
BEGINNING = """
INSERT INTO customers_label
    (customer_id, kind, value, previous, by_hand, rule_number, evidence, reason, since, expires_on)
SELECT said.customer_id, said.kind, said.value, coalesce((
           SELECT value FROM customers_label p
           WHERE p.customer_id = said.customer_id AND p.kind = said.kind AND NOT p.by_hand
           ORDER BY p.id DESC LIMIT 1), ''),
       false, said.rule_number, said.evidence, '', %(on)s, %(on)s::date + r.valid_days
FROM said, (SELECT valid_days FROM customers_valuerule ORDER BY number DESC LIMIT 1) r
WHERE NOT EXISTS (
    SELECT FROM customers_label l WHERE l.customer_id = said.customer_id AND l.kind = said.kind
    AND l.ended_on IS NULL AND NOT l.by_hand
)
ORDER BY said.customer_id, said.kind
RETURNING customer_id
"""
BEGIN = SAID + BEGINNING
# The card shows what is in force: a person's word before that of a rule. Whoever has the card open
# for editing is told that it changed when the tier did.
APPLY = """
UPDATE customers_customer c SET stage = e.stage, tier = e.tier, quadrant = e.quadrant,
    version = c.version + (c.tier <> e.tier)::int
FROM (
    SELECT k.id, coalesce(min(l.value) FILTER (WHERE l.kind = 'stage' AND l.by_hand),
                          min(l.value) FILTER (WHERE l.kind = 'stage'), '') AS stage,
           coalesce(min(l.value) FILTER (WHERE l.kind = 'quadrant' AND l.by_hand),
                    min(l.value) FILTER (WHERE l.kind = 'quadrant'), '') AS quadrant,
           CASE WHEN k.kind <> 'person' THEN ''
                WHEN count(*) FILTER (WHERE l.kind = 'tier') = 0 THEN k.tier
                ELSE coalesce(min(l.value) FILTER (WHERE l.kind = 'tier' AND l.by_hand),
                              min(l.value) FILTER (WHERE l.kind = 'tier')) END AS tier
    FROM customers_customer k
    LEFT JOIN customers_label l ON l.customer_id = k.id AND l.ended_on IS NULL
    WHERE (%(customers)s::bigint[] IS NULL OR k.id = ANY(%(customers)s))
      AND EXISTS (SELECT FROM customers_label m WHERE m.customer_id = k.id)
    GROUP BY k.id
) e
WHERE e.id = c.id AND (c.stage, c.tier, c.quadrant) IS DISTINCT FROM (e.stage, e.tier, e.quadrant)
"""
