"""The rules of F-10 as one statement over all customers, or over some.

Volumes come in late: the last 30 days are those before `until`, the day up to which the home branch
has delivered its figures, never today. What is not delivered yet is no drop and no silence.
The points of the rules, their cap and the levels are those of `csm.kit.statistics.churn`.
"""

from csm.kit.statistics.churn import CAP, LEVELS, POINTS

# Rules as V50, levels by their name.
POINTS_GIVEN = {**POINTS, "cap": CAP, **{level: least for least, level in LEVELS}}

ASSESS = """
WITH asked AS (
    SELECT u.id, u.home_branch_id, u.contract_ends_on, u.created_at,
           coalesce(nullif(u.tier, ''), u.grade) AS standing,
           m.is_active IS FALSE AS manager_gone,
           f.low_score_at, f.oldest_open_at, f.third_valid_at, f.last_callback_satisfied,
           f.unanswered_invitations, f.last_visited_on
    FROM customers_customer u
    LEFT JOIN customers_customerfacts f ON f.customer_id = u.id
    LEFT JOIN organisation_person m ON m.id = u.account_manager_id
    WHERE u.kind <> 'internal' AND u.merged_into_id IS NULL AND u.erased_at IS NULL
      AND (%(customers)s::bigint[] IS NULL OR u.id = ANY(%(customers)s))
), delivered AS (
    SELECT branch_id, least(max(starts_on + days), %(today)s::date) AS until
    FROM customers_customervolume
    WHERE starts_on < %(today)s::date
    GROUP BY branch_id
    HAVING max(starts_on + days) > %(today)s::date - %(stale)s
), spread AS (
    SELECT v.customer_id, v.branch_id, v.starts_on,
           v.shipments::float8 / v.days
               * greatest(least(v.starts_on + v.days, d.until)
                          - greatest(v.starts_on, d.until - 30), 0) AS latest,
           v.shipments::float8 / v.days
               * greatest(least(v.starts_on + v.days, d.until - 30)
                          - greatest(v.starts_on, d.until - 120), 0) AS before
    FROM delivered d
    JOIN customers_customervolume v ON v.branch_id = d.branch_id
     AND v.starts_on < d.until AND v.starts_on + v.days > d.until - 120
), branches AS (
    SELECT branch_id, sum(latest) AS latest, sum(before) AS before FROM spread GROUP BY branch_id
), own AS (
    SELECT customer_id, sum(latest) AS latest, sum(before) AS before, min(starts_on) AS since
    FROM spread GROUP BY customer_id
), drops AS (
    SELECT a.id, 1 - 3 * o.latest / o.before AS raw,
           1 - 3 * o.latest / o.before / coalesce(nullif(3 * b.latest / nullif(b.before, 0), 0), 1)
               AS relative
    FROM asked a
    JOIN own o ON o.customer_id = a.id AND o.before > 0
    JOIN delivered d ON d.branch_id = a.home_branch_id AND o.since <= d.until - 120
    LEFT JOIN branches b ON b.branch_id = a.home_branch_id
), gaps AS (
    SELECT id, until - max(last_on) AS silence,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS usual
    FROM (
        SELECT a.id, d.until, v.last_on,
               v.last_on - lag(v.last_on) OVER (PARTITION BY a.id ORDER BY v.last_on) AS gap
        FROM asked a
        JOIN delivered d ON d.branch_id = a.home_branch_id
        JOIN customers_customervolume v ON v.customer_id = a.id
         AND v.last_on >= d.until - 365 AND v.last_on < d.until
    ) days
    GROUP BY id, until HAVING count(gap) >= 3
), changes AS (
    SELECT customer_id, max(at) AS at FROM customers_handover WHERE was_id IS NOT NULL
    GROUP BY customer_id
), seen AS (
    SELECT customer_id, max(seen_on) AS on_day FROM customers_competitornote GROUP BY customer_id
), scored AS (
    SELECT a.id, h.points, h.hits,
           CASE WHEN h.points >= %(red)s THEN 'red' WHEN h.points >= %(orange)s THEN 'orange'
                WHEN h.points >= %(yellow)s THEN 'yellow' ELSE '' END AS level
    FROM asked a
    LEFT JOIN drops r ON r.id = a.id
    LEFT JOIN gaps g ON g.id = a.id
    LEFT JOIN changes c ON c.customer_id = a.id
    LEFT JOIN seen p ON p.customer_id = a.id
    LEFT JOIN customers_visitcadence k ON k.standing = a.standing
    CROSS JOIN LATERAL (
        SELECT least(coalesce(sum(points), 0), %(cap)s)::int AS points,
               coalesce(jsonb_agg(jsonb_build_object(
                   'sign', sign, 'points', points, 'figure', figure) ORDER BY place), '[]') AS hits
        FROM (VALUES
            (1, 'V', CASE WHEN r.relative >= 0.5 THEN %(V50)s WHEN r.relative >= 0.3 THEN %(V30)s
                     END,
             round((100 * r.relative)::numeric)::int),
            (2, 'G', CASE WHEN g.silence > 2 * g.usual THEN %(G)s END, g.silence),
            (3, 'D', CASE WHEN a.low_score_at >= %(now)s - interval '90 days' THEN %(D)s END, NULL),
            (4, 'C', CASE WHEN a.oldest_open_at < %(now)s - interval '72 hours'
                            OR a.third_valid_at >= %(now)s - interval '90 days' THEN %(C)s END,
             NULL),
            (5, 'B', CASE WHEN a.last_callback_satisfied IS FALSE THEN %(B)s END, NULL),
            (6, 'M', CASE WHEN a.manager_gone OR c.at >= %(now)s - interval '60 days' THEN %(M)s
                     END,
             extract(day FROM %(now)s - c.at)::int),
            (7, 'X', CASE WHEN a.contract_ends_on BETWEEN %(today)s::date AND %(today)s::date + 60
                          THEN %(X)s END, a.contract_ends_on - %(today)s::date),
            (8, 'T', CASE WHEN coalesce(a.last_visited_on, a.created_at::date) + k.most_days
                               < %(today)s::date THEN %(T)s END,
             %(today)s::date - coalesce(a.last_visited_on, a.created_at::date)),
            (9, 'Q', CASE WHEN a.unanswered_invitations >= 2 AND r.raw >= 0.1 THEN %(Q)s END,
             round((100 * r.raw)::numeric)::int),
            (10, 'P', CASE WHEN p.on_day >= %(today)s::date - 180 THEN %(P)s END,
             %(today)s::date - p.on_day)
        ) AS rules (place, sign, points, figure)
        WHERE points IS NOT NULL
    ) h
), changed AS (
    INSERT INTO customers_churnchange (customer_id, at, was, level, points, hits)
    SELECT s.id, %(now)s, coalesce(o.level, ''), s.level, s.points, s.hits
    FROM scored s LEFT JOIN customers_churnrisk o ON o.customer_id = s.id
    WHERE s.level <> coalesce(o.level, '')
    ORDER BY s.id
    RETURNING customer_id, was, level
), written AS (
    INSERT INTO customers_churnrisk AS o (customer_id, points, level, hits, since, checked_at)
    SELECT id, points, level, hits, %(now)s, %(now)s FROM scored s
    WHERE points > 0 OR EXISTS (SELECT FROM customers_churnrisk k WHERE k.customer_id = s.id)
    ORDER BY id
    ON CONFLICT (customer_id) DO UPDATE SET
        points = excluded.points, level = excluded.level, hits = excluded.hits,
        since = CASE WHEN o.level = excluded.level THEN o.since ELSE excluded.since END,
        checked_at = excluded.checked_at
    WHERE (o.level, o.points, o.hits) IS DISTINCT FROM
          (excluded.level, excluded.points, excluded.hits)
)
SELECT customer_id, was, level FROM changed
"""
# Of two sweeps at once, the second waits and then finds nothing changed.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('customers.churn'))"
