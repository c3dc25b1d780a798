"""The statements of notices to customers (C-24).

The address is that of the main contact before others. An incident does not wait for peace.
"""

FOUND = """
WITH found AS (
    SELECT u.id, CASE
        WHEN w.no_notices THEN 'declined'
        WHEN w.quiet_until >= %(today)s AND NOT %(urgent)s THEN 'quiet'
        WHEN NOT EXISTS (
            SELECT FROM customers_contact c
            JOIN customers_contactpoint p ON p.contact_id = c.id AND p.kind = 'email'
            WHERE c.customer_id = u.id
        ) THEN 'unreachable' ELSE 'told' END AS reach
    FROM customers_customer u
    LEFT JOIN customers_carewish w ON w.customer_id = u.id
    WHERE u.id = ANY(%(members)s::bigint[])
)
"""
COUNT = "SELECT reach, count(*) FROM found GROUP BY reach"
FIX = """
INSERT INTO customers_noticerecipient (notice_id, customer_id)
SELECT %(notice)s, id FROM found WHERE reach = 'told' ORDER BY id
ON CONFLICT DO NOTHING
"""
# Who declined or lost the address since then gets no address here.
NEXT = """
WITH batch AS (
    UPDATE customers_noticerecipient SET written_at = %(now)s
    WHERE id = ANY(ARRAY(
        SELECT id FROM customers_noticerecipient
        WHERE notice_id = %(notice)s AND written_at IS NULL ORDER BY id LIMIT %(batch)s
    ))
    RETURNING customer_id
)
SELECT u.id, CASE WHEN w.no_notices THEN NULL ELSE a.value END, u.name, u.language
FROM batch b
JOIN customers_customer u ON u.id = b.customer_id
LEFT JOIN customers_carewish w ON w.customer_id = u.id
LEFT JOIN LATERAL (
    SELECT p.value FROM customers_contact c
    JOIN customers_contactpoint p ON p.contact_id = c.id AND p.kind = 'email'
    WHERE c.customer_id = u.id ORDER BY c.is_primary DESC, c.id, p.id LIMIT 1
) a ON TRUE
ORDER BY u.id
"""
TAKE_BACK = """
DELETE FROM organisation_letter l USING customers_noticerecipient r
WHERE r.notice_id = %(notice)s AND l.key = 'notice:' || r.notice_id || ':' || r.customer_id
  AND l.state IN ('queued', 'leased')
"""
DECLINED = """
DELETE FROM organisation_letter l USING customers_noticerecipient r
WHERE r.customer_id = %(customer)s AND l.key = 'notice:' || r.notice_id || ':' || r.customer_id
  AND l.state IN ('queued', 'leased')
"""
STATES = """
SELECT CASE WHEN r.written_at IS NULL THEN 'unwritten' WHEN l.state = 'sent' THEN 'sent'
            WHEN l.state = 'failed' THEN 'failed'
            WHEN l.state IS NOT NULL THEN 'waiting' ELSE 'taken' END, count(*)
FROM customers_noticerecipient r
LEFT JOIN organisation_letter l ON l.key = 'notice:' || r.notice_id || ':' || r.customer_id
WHERE r.notice_id = %(notice)s GROUP BY 1
"""
