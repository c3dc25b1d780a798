"""Writing down what surveys know of a customer (`customers.CustomerFacts`, F-10, F-11)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from surveys.models import Survey

# Nothing of an anonymous survey leads to a customer. A total from 0 to 10 is low up to 4. The index
# is where the last answer without a doubt lies on its scale: the total, else the mean of the rest.
REFRESH = """
UPDATE customers_customerfacts f
SET low_score_at = told.low_at, unanswered_invitations = told.unanswered,
    satisfaction_index = told.index, satisfaction_at = told.felt_at,
    expressed_at = told.spoke_at, refreshed_at = %(now)s
FROM (
    SELECT u.id, low.at AS low_at, silent.number AS unanswered, felt.index, felt.at AS felt_at,
           spoke.at AS spoke_at
    FROM unnest(%(customers)s::bigint[]) AS u (id)
    CROSS JOIN LATERAL (
        SELECT max(r.completed_at) AS at
        FROM surveys_response r
        JOIN surveys_answer a ON a.response_id = r.id
        JOIN surveys_question q ON q.id = a.question_id
        WHERE r.customer_id = u.id AND r.completed_at IS NOT NULL
          AND ((q.kind = 'nps' AND a.value <= 6) OR (q.kind = 'csat5' AND a.value <= 2)
               OR (q.kind IN ('csat10', 'total') AND a.value <= 4))
    ) low
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM surveys_invitation i
        WHERE i.customer_id = u.id AND i.status = 'expired'
          AND i.created_at > coalesce((
              SELECT max(r.completed_at) FROM surveys_response r WHERE r.customer_id = u.id
          ), '-infinity')
    ) silent
    LEFT JOIN LATERAL (
        SELECT r.completed_at AS at, round(coalesce(
                   avg(10 * a.value) FILTER (WHERE q.kind = 'total'),
                   avg(CASE q.kind WHEN 'csat10' THEN 100 * (a.value - 1) / 9
                                   WHEN 'csat5' THEN 25 * (a.value - 1) END)))::int AS index
        FROM surveys_response r
        JOIN surveys_answer a ON a.response_id = r.id AND a.value IS NOT NULL
        JOIN surveys_question q ON q.id = a.question_id
         AND q.kind IN ('total', 'csat10', 'csat5')
        WHERE r.customer_id = u.id AND r.completed_at IS NOT NULL AND r.suspicion = ''
        GROUP BY r.id, r.completed_at
        ORDER BY r.completed_at DESC, r.id DESC LIMIT 1
    ) felt ON true
    CROSS JOIN LATERAL (
        SELECT max(r.completed_at) AS at
        FROM surveys_response r JOIN surveys_answer a ON a.response_id = r.id
        WHERE r.customer_id = u.id AND r.completed_at IS NOT NULL AND a.text <> ''
    ) spoke
) told
WHERE f.customer_id = told.id
  AND (f.low_score_at, f.unanswered_invitations, f.satisfaction_index, f.satisfaction_at,
       f.expressed_at)
      IS DISTINCT FROM (told.low_at, told.unanswered, told.index, told.felt_at, told.spoke_at)
"""
# Care leaves in peace for a while whom a survey asks (S-18).
ASKED = """
UPDATE customers_customerfacts f SET last_asked_at = i.created_at
FROM surveys_invitation i
WHERE i.survey_id = %(survey)s AND i.created_at = %(now)s AND f.customer_id = i.customer_id
"""
FORGOTTEN = """
UPDATE customers_customerfacts f SET last_asked_at = (
    SELECT max(i.created_at) FROM surveys_invitation i
    WHERE i.customer_id = f.customer_id AND i.survey_id <> %(survey)s
)
FROM surveys_invitation o WHERE o.survey_id = %(survey)s AND f.customer_id = o.customer_id
"""


def asked(survey: Survey, *, now: datetime) -> None:
    """Those whom the survey was given just now."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, {"survey": survey.pk, "now": now})


def forgotten(survey: Survey) -> None:
    """The survey is about to be thrown away: nobody was asked by it."""
    with connection.cursor() as cursor:
        cursor.execute(FORGOTTEN, {"survey": survey.pk})


def refresh(customers: Collection[int | None], *, now: datetime) -> None:
    """The rows of these customers, in one statement; nobody for answers without a customer."""
    known = sorted({pk for pk in customers if pk is not None})
    if known:
        with connection.cursor() as cursor:
            cursor.execute(REFRESH, {"customers": known, "now": now})
