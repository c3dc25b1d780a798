"""The words of the old sections become rows; when they go back, the rows become words again."""

from django.db import migrations

FORWARD = [
    """
    INSERT INTO complaints_courseentry (order_id, position, at, place, text)
    SELECT id, 0, NULL, '', course_of_events FROM complaints_workorder WHERE course_of_events <> ''
    """,
    """
    INSERT INTO complaints_emergencymeasure (order_id, position, at, text)
    SELECT id, 0, NULL, emergency_measures FROM complaints_workorder WHERE emergency_measures <> ''
    """,
    """
    INSERT INTO complaints_cause (order_id, position, category, text, whys)
    SELECT id, 0, '', causes, '{}' FROM complaints_workorder old
    WHERE causes <> '' OR evidence <> ''
        OR EXISTS (SELECT FROM complaints_orderfile file WHERE file.order_id = old.id)
    """,
    """
    INSERT INTO complaints_evidence (cause_id, position, kind, text, file_id)
    SELECT cause.id, 0, 'record', old.evidence, NULL
    FROM complaints_cause cause JOIN complaints_workorder old ON old.id = cause.order_id
    WHERE old.evidence <> ''
    """,
    """
    INSERT INTO complaints_evidence (cause_id, position, kind, text, file_id)
    SELECT cause.id, row_number() OVER (PARTITION BY cause.id ORDER BY file.id), 'file', '', file.id
    FROM complaints_cause cause JOIN complaints_orderfile file ON file.order_id = cause.order_id
    """,
    # Nobody has said which sections they meant.
    """
    UPDATE complaints_workorder
    SET returned_sections = '{title,anomaly,causes,emergency,measures,promise,effect}'
    WHERE status = 'returned'
    """,
    """
    UPDATE complaints_workorder served SET waybill = complaint.waybill
    FROM complaints_complaint complaint
    WHERE complaint.id = (
        SELECT link.complaint_id FROM complaints_ordercomplaint link
        WHERE link.order_id = served.id ORDER BY link.id LIMIT 1)
    """,
    # A person's name is masked, which SQL cannot: it stays with the customer.
    """
    UPDATE complaints_workorder served SET
        customer_name = CASE customer.kind WHEN 'person' THEN '' ELSE customer.name END,
        customer_standing = coalesce(nullif(customer.grade, ''), customer.tier)
    FROM customers_customer customer WHERE customer.id = served.customer_id
    """,
]
BACKWARD = [
    """
    UPDATE complaints_workorder old SET course_of_events = rows.words
    FROM (SELECT order_id, string_agg(concat_ws(' ',
            to_char(at, 'YYYY-MM-DD HH24:MI'), nullif(place, ''), text), E'\\n' ORDER BY position
        ) AS words FROM complaints_courseentry GROUP BY order_id) rows
    WHERE rows.order_id = old.id
    """,
    """
    UPDATE complaints_workorder old SET emergency_measures = rows.words
    FROM (SELECT order_id, string_agg(concat_ws(' ',
            to_char(at, 'YYYY-MM-DD HH24:MI'), text), E'\\n' ORDER BY position
        ) AS words FROM complaints_emergencymeasure GROUP BY order_id) rows
    WHERE rows.order_id = old.id
    """,
    """
    UPDATE complaints_workorder old SET causes = rows.words
    FROM (SELECT order_id, string_agg(concat_ws(E'\\n',
            text, nullif(array_to_string(whys, E'\\n'), '')), E'\\n' ORDER BY position
        ) AS words FROM complaints_cause GROUP BY order_id) rows
    WHERE rows.order_id = old.id
    """,
    """
    UPDATE complaints_workorder old SET evidence = rows.words
    FROM (SELECT cause.order_id,
            string_agg(proof.text, E'\\n' ORDER BY cause.position, proof.position) AS words
        FROM complaints_evidence proof JOIN complaints_cause cause ON cause.id = proof.cause_id
        WHERE proof.text <> '' GROUP BY cause.order_id) rows
    WHERE rows.order_id = old.id
    """,
    "DELETE FROM complaints_evidence",
    "DELETE FROM complaints_cause",
    "DELETE FROM complaints_courseentry",
    "DELETE FROM complaints_emergencymeasure",
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0030_order_parts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
