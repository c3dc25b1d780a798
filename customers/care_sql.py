"""What care the rules ask for in the next days, as one statement (K-21, K-25, S-18).

At most one act for a customer at a time: the own day before a festival, the narrowest rule before
wider ones. Nobody who wishes none, who is to be left in peace, or who was addressed a short time
ago, be it by a survey or by care. 29 February is kept on the 28th.
"""

PLAN = """
WITH days AS (
    SELECT %(today)s::date + n AS "on" FROM generate_series(0, %(ahead)s) AS n
), occasions AS (
    SELECT 'date' AS kind, c.customer_id, d."on", c.kind AS occasion
    FROM days d
    JOIN customers_caredate c
      ON c.month = extract(month FROM d."on") AND c.day = extract(day FROM d."on")
    UNION ALL
    SELECT 'festival', NULL, f."on", f.name
    FROM days d JOIN customers_festival f ON f."on" = d."on"
), asked AS (
    SELECT DISTINCT ON (u.id) u.id, u.home_branch_id, m.id AS owner, o."on", o.occasion,
           coalesce(nullif(w.channel, ''), r.channel) AS channel, r.words, r.service_id
    FROM occasions o
    JOIN customers_customer u ON u.id = o.customer_id OR o.customer_id IS NULL
    JOIN LATERAL (
        SELECT r.channel, r.words, r.service_id FROM customers_carerule r
        WHERE r.occasion = o.kind AND r.standing IN ('', u.tier, u.grade)
          AND r.stage IN ('', u.stage)
        ORDER BY r.standing <> '' DESC, r.stage <> '' DESC LIMIT 1
    ) r ON TRUE
    LEFT JOIN customers_carewish w ON w.customer_id = u.id
    LEFT JOIN customers_customerfacts f ON f.customer_id = u.id
    LEFT JOIN organisation_person m ON m.id = u.account_manager_id AND m.is_active
    WHERE u.merged_into_id IS NULL AND u.erased_at IS NULL
      AND u.kind <> 'internal' AND u.stage <> 'left'
      AND w.no_care IS NOT TRUE AND (w.quiet_until IS NULL OR w.quiet_until < o."on")
      AND coalesce(greatest(f.last_asked_at, f.last_cared_at), '-infinity') <= %(since)s
      AND NOT EXISTS (
          SELECT FROM customers_careact a
          WHERE a.customer_id = u.id AND a.status <> 'dropped'
            AND a."on" BETWEEN o."on" - %(apart)s AND o."on" + %(apart)s
      )
    ORDER BY u.id, o.kind, o."on"
)
INSERT INTO customers_careact
    (customer_id, branch_id, owner_id, "on", occasion, channel, words, service_id, status, at,
     version)
SELECT id, home_branch_id, owner, "on", occasion, channel, words, service_id, 'planned', %(now)s, 1
FROM asked ORDER BY id
ON CONFLICT (customer_id, "on", occasion) DO NOTHING
RETURNING owner_id
"""
