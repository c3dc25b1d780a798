"""The rules of F-11 over all customers, or over some: content or not, outspoken or not."""

# Whoever has no index of satisfaction is not judged. A complaint is an expression, too.
SAID = """
WITH said AS (
    SELECT f.customer_id, 'quadrant' AS kind,
           CASE WHEN f.satisfaction_index >= r.satisfied_from
                THEN CASE WHEN spoke.is_late THEN 'praiser' ELSE 'loyal' END
                ELSE CASE WHEN spoke.is_late THEN 'complainer' ELSE 'silent' END END AS value,
           r.number AS rule_number, jsonb_build_object(
               'index', f.satisfaction_index,
               'on', (f.satisfaction_at AT TIME ZONE %(zone)s)::date,
               'spoke_on', (spoke.at AT TIME ZONE %(zone)s)::date) AS evidence
    FROM customers_customerfacts f
    JOIN customers_customer c ON c.id = f.customer_id AND c.declines_labels_at IS NULL
     AND c.merged_into_id IS NULL AND c.kind <> 'internal'
    CROSS JOIN (SELECT * FROM customers_valuerule ORDER BY number DESC LIMIT 1) r
    CROSS JOIN LATERAL (
        SELECT greatest(f.last_complaint_at, f.expressed_at) AS at
    ) last
    CROSS JOIN LATERAL (
        SELECT last.at,
               coalesce(last.at >= %(now)s - r.expressive_days * interval '1 day', false) AS is_late
    ) spoke
    WHERE f.satisfaction_index IS NOT NULL
      AND (%(customers)s::bigint[] IS NULL OR f.customer_id = ANY(%(customers)s))
)
"""
# What stands says the figures of today.
RENEWING = """
UPDATE customers_label l SET expires_on = %(on)s::date + r.valid_days, evidence = said.evidence,
    rule_number = said.rule_number
FROM said, (SELECT valid_days FROM customers_valuerule ORDER BY number DESC LIMIT 1) r
WHERE l.ended_on IS NULL AND NOT l.by_hand AND said.customer_id = l.customer_id
  AND said.kind = l.kind
  AND (l.expires_on <= %(on)s::date + 7 OR l.evidence <> said.evidence
       OR l.rule_number <> said.rule_number)
"""
# Of two sweeps at once, the second waits and then finds nothing changed.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('customers.quadrants'))"
