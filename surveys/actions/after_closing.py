"""Asking whoever complained, some hours after the complaint was closed (S-19, S-18).

Pulled from the complaints, once per complaint and cycle: a sweep that runs twice asks nobody twice.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from organisation.actions import sweeps
from organisation.models import Branch
from surveys.actions import facts
from surveys.actions.drawing import lock_inviting
from surveys.actions.surveys import due
from surveys.frames import FRAME, parameters
from surveys.models import Survey, SurveyStatus

SWEEP = "after-closing"
# Whoever could not be asked by then (just asked of something else) is not asked weeks later.
LATEST = timedelta(days=7)


def invite(*, now: datetime) -> int:
    """Invite for all running surveys of this kind; the number of invitations."""
    rows = Survey.objects.filter(status=SurveyStatus.OPEN, after_closing=True)
    count = sum(_invite(survey, now) for survey in rows.select_related("branch").order_by("pk"))
    sweeps.mark(SWEEP, now=now)
    return count


@transaction.atomic
def _invite(survey: Survey, now: datetime) -> int:
    """Under the lock of all draws: a customer who is drawn just now is not asked as well."""
    frame = parameters(survey, now)
    found = _closed(survey, frame["places"], now)
    if not found:
        return 0
    lock_inviting()
    ids, cycles, branches, customers = (list(column) for column in zip(*found, strict=True))
    given: dict[str, Any] = {
        # Where the complaint was handled counts, and not where the customer is at home.
        "places": list(Branch.objects.values_list("pk", flat=True)),
        "only": customers,
        "complaints": ids,
        "cycles": cycles,
        "branch_ids": branches,
        "survey": survey.pk,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(FRAME + INVITE, frame | given | due(survey, now))
        number = int(cursor.rowcount)
    facts.asked(survey, now=now)
    return number


def _closed(survey: Survey, places: list[int], now: datetime) -> list[tuple[int, int, int, int]]:
    """Complaint, cycle, branch and customer of what is to be asked about.

    Of several complaints of a customer the one closed last: the cool-down holds among them, too.
    """
    until = now - timedelta(hours=survey.delay_hours)
    since = max(filter(None, (survey.opened_at, until - LATEST)))
    given: dict[str, Any] = {"survey": survey.pk, "since": since, "until": until, "places": places}
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, given)
        rows: list[tuple[int, int, int, int]] = cursor.fetchall()
    if not survey.cool_down_days:
        return rows
    return list({row[3]: row for row in reversed(rows)}.values())


# Closed since the survey began, not asked about yet. What is invalid or merged is never closed.
CLOSED = """
SELECT c.id, c.cycle, c.branch_id, c.customer_id
FROM complaints_complaint c
WHERE c.status = 'closed' AND c.customer_id IS NOT NULL
  AND c.branch_id = ANY(%(places)s::bigint[])
  AND c.closed_at >= %(since)s AND c.closed_at <= %(until)s
  AND NOT EXISTS (SELECT FROM surveys_invitation i
                  WHERE i.survey_id = %(survey)s AND i.complaint_id = c.id
                    AND i.cycle = c.cycle AND i.again_id IS NULL)
ORDER BY c.closed_at DESC, c.id DESC
"""
INVITE = """
INSERT INTO surveys_invitation
    (survey_id, customer_id, branch_id, complaint_id, cycle, status, stratum, tier, grade, stage,
     address, created_at, next_message_at, call_at, expires_at, version, reminders)
SELECT %(survey)s, f.id, w.branch_id, w.id, w.cycle, 'waiting', f.stratum, f.tier, f.grade, f.stage,
       CASE %(point)s WHEN 'email' THEN f.value ELSE '' END, %(now)s,
       %(next_message_at)s, %(call_at)s, %(expires_at)s, 1, 0
FROM unnest(%(complaints)s::bigint[], %(cycles)s::int[], %(branch_ids)s::bigint[],
            %(only)s::bigint[]) AS w(id, cycle, branch_id, customer_id)
JOIN frame f ON f.id = w.customer_id AND f.excluded = ''
ON CONFLICT DO NOTHING
"""
