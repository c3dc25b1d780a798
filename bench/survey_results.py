"""The results page over many answers, against the one statement that counts them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.company import Company
from bench.result import Result, milliseconds
from surveys import factories
from surveys.models import Question, Survey

# Among fewer, the page itself takes longer than counting.
ANSWERS, FEWEST = 1_000_000, 500_000
TIMES = 5
MONTHS = 12
QUESTIONS = (
    {"key": "total", "kind": "total", "text": "总体"},
    {"key": "recommend", "kind": "nps", "text": "推荐"},
    {"key": "effort", "kind": "ces", "text": "省力"},
    *({"key": f"part{place}", "kind": "csat5", "text": f"方面{place}"} for place in range(7)),
)
RESPONSES = """
INSERT INTO surveys_response
    (survey_id, branch_id, is_repeat, source, tier, grade, stage, language, session_hash,
     device_hash, suspicion, started_at, completed_at)
SELECT %(survey)s, b.ids[1 + i %% cardinality(b.ids)], false, 'customer',
       (ARRAY['diamond', 'gold', 'silver', 'basic'])[1 + i %% 4], '',
       (ARRAY['growth', 'maturity', 'decline'])[1 + i %% 3], '', '', '', '',
       at, at
FROM generate_series(1, %(count)s::int) i,
     (SELECT array_agg(id) AS ids FROM organisation_branch WHERE level = 'branch') b,
     LATERAL (SELECT %(now)s::timestamptz - i %% %(months)s * interval '30 days' AS at) told
"""
GIVEN = """
INSERT INTO surveys_answer (response_id, question_id, item, value, choices, text)
SELECT r.id, q.id, '',
       CASE q.kind WHEN 'csat5' THEN 1 + (r.id + q.position) %% 5 WHEN 'ces' THEN 1 + r.id %% 7
            ELSE (r.id * 7 + q.position) %% 11 END,
       '[]', ''
FROM surveys_response r, surveys_question q
WHERE r.survey_id = %(survey)s AND q.edition_id = %(edition)s
"""
# Each question's values, in all and by branch, class, stage, source and month.
BY_HAND = """
SELECT a.question_id, a.item, a.value::int AS mark, r.branch_id, r.tier, r.stage, r.source, r.month,
       count(*)
FROM (SELECT id, branch_id, tier, stage, source,
             date_trunc('month', completed_at AT TIME ZONE 'Asia/Shanghai')::date AS month
      FROM surveys_response
      WHERE survey_id = %(survey)s AND completed_at IS NOT NULL AND NOT is_repeat) r
JOIN surveys_answer a ON a.response_id = r.id
GROUP BY GROUPING SETS (
    (1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 5), (1, 2, 3, 6), (1, 2, 3, 7), (1, 2, 3, 8)
)
"""


def measure(scale: float, made: Company, now: datetime) -> Result:
    """The whole page of the headquarters, with every break-down, through the door."""
    survey = filled(max(int(ANSWERS * scale), FEWEST), made, now)
    client = Client(SERVER_NAME="localhost")
    client.force_login(made.quality)
    address = reverse("survey-results", args=[survey.pk])
    ours = milliseconds(lambda: _read(client, address), TIMES)
    reference = milliseconds(lambda: _by_hand(survey), TIMES)
    name = "results of a survey, the whole page, against its one statement"
    return Result(name, ours, reference, ours / reference, 1.5)


def filled(answers: int, made: Company, now: datetime) -> Survey:
    """A survey of ten questions with so many answers."""
    branch = made.quality.postings.get().branch
    edition = factories.edition(branch, questions=QUESTIONS, name=f"量测 {answers}", now=now)
    survey = factories.survey(branch, edition=edition, now=now - timedelta(days=30 * MONTHS))
    given: dict[str, Any] = {
        "survey": survey.pk,
        "edition": edition.pk,
        "count": answers // Question.objects.filter(edition=edition).count(),
        "now": now,
        "months": MONTHS,
    }
    with connection.cursor() as cursor:
        cursor.execute(RESPONSES, given)
        cursor.execute(GIVEN, given)
        cursor.execute("VACUUM ANALYZE surveys_response")
        cursor.execute("VACUUM ANALYZE surveys_answer")
    return survey


def _read(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200


def _by_hand(survey: Survey) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"survey": survey.pk})
        cursor.fetchall()
