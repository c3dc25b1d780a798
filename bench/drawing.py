"""Drawing a large sample and queueing its invitations, against hand-written SQL and the clock."""

import time
from datetime import datetime
from typing import Any

from django.test.utils import override_settings

from bench.company import Company
from bench.result import Result
from bench.steps import run, undone
from csm.kit import clock
from organisation.actions import jobs
from organisation.models import JobState, Letter
from surveys import factories
from surveys.actions import drawing
from surveys.background import RUNNERS
from surveys.models import Invitation, Survey

# Fewer are drawn while the person waits, without a job.
ASKED, FEWEST = 100_000, 2 * drawing.SMALL
LIMIT = 60  # seconds, for all of them
# The hand-written rows look at no frame, no cool-down and no quota.
MOST_TIMES = 8

CUSTOMERS = """
WITH made AS (
    INSERT INTO customers_customer
        (name, kind, tier, grade, stage, language, home_branch_id, note, created_at, version)
    SELECT '受访客户' || i, 'company', '', '3A', '', '', b.ids[1 + i %% cardinality(b.ids)], '',
           %(now)s, 1
    FROM generate_series(1, %(count)s::int) i,
         (SELECT array_agg(id) AS ids FROM organisation_branch WHERE level = 'branch') b
    RETURNING id
),
spoken AS (
    INSERT INTO customers_contact (customer_id, name, title, best_time, is_primary)
    SELECT id, '联系人', '', '', true FROM made RETURNING id
)
INSERT INTO customers_contactpoint (contact_id, kind, value)
SELECT id, 'email', 'asked' || id || '@example.org' FROM spoken
"""
# The same rows: who is drawn, each with a link and a letter. The frame is not looked at.
BY_HAND = """
WITH placed AS (
    SELECT k.id, k.home_branch_id, k.grade, k.name, p.value AS address,
           nextval('organisation_publiclink_id_seq') AS link,
           nextval('surveys_invitation_id_seq') AS invitation,
           encode(sha256(gen_random_uuid()::text::bytea), 'hex') AS token
    FROM customers_customer k
    JOIN customers_contact c ON c.customer_id = k.id
    JOIN customers_contactpoint p ON p.contact_id = c.id AND p.kind = 'email'
    ORDER BY md5('7:' || k.id) LIMIT %(count)s
),
links AS (
    INSERT INTO organisation_publiclink
        (id, purpose, nonce, token_hash, created_at, expires_at)
    SELECT link, 'sheet', left(token, 43), token, %(now)s, %(now)s + interval '348 hours'
    FROM placed
),
invitations AS (
    INSERT INTO surveys_invitation
        (id, survey_id, customer_id, branch_id, status, stratum, tier, grade, stage, address,
         link_id, created_at, next_message_at, sent_at, expires_at, version, reminders)
    SELECT invitation, %(survey)s, id, home_branch_id, 'sent', '', '', grade, '', address,
           link, %(now)s, %(now)s + interval '3 days', %(now)s, %(now)s + interval '14 days', 2, 0
    FROM placed
)
INSERT INTO organisation_letter
    (key, address, name, language, text, context, link_id, is_bulk, created_at, state, attempts,
     next_attempt_at, error)
SELECT 'survey:' || invitation || ':0', address, name, 'zh-hans', 'survey_invitation',
       jsonb_build_object('survey', jsonb_build_object('name', '量测', 'name_en', ''),
                          'due_at', %(now)s + interval '14 days',
                          'is_again', false, 'is_anonymous', false),
       link, true, %(now)s, 'queued', 0, %(now)s, ''
FROM placed
"""


# Nothing is queued at night.
@override_settings(QUIET_FROM=None)
def measure(scale: float, made: Company) -> list[Result]:
    """By the job, as in life. It is done once: what is drawn stays drawn."""
    count, now = max(int(ASKED * scale), FEWEST), clock.now()
    survey = _survey(made, count, now)
    given: dict[str, Any] = {"survey": survey.pk, "count": count, "now": now}
    reference = _milliseconds(lambda: undone(lambda: run(BY_HAND, given)))
    run("VACUUM ANALYZE")
    job = drawing.draw(survey=survey, by=made.quality, now=now, seed=7)
    ours = _milliseconds(lambda: jobs.run_due(runners=RUNNERS, now=clock.now()))
    assert job is not None
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, count, count), job.reason
    assert Invitation.objects.filter(survey=survey, status="sent").count() == count
    assert Letter.objects.filter(link__invitation__survey=survey).count() == count
    allowed = LIMIT * 1000 * count / ASKED
    name = f"{count} invitations drawn and queued"
    return [
        Result(f"{name}, against hand-written SQL", ours, reference, ours / reference, MOST_TIMES),
        Result(f"{name}, against {LIMIT} s for {ASKED}", ours, allowed, ours / allowed, 1),
    ]


def _survey(made: Company, count: int, now: datetime) -> Survey:
    """A running survey that asks so many customers, all of whom have an address."""
    run(CUSTOMERS, {"count": count, "now": now})
    run("VACUUM ANALYZE")
    branch = made.quality.postings.get().branch
    edition = factories.edition(branch, name=f"邀请 {count}", now=now)
    return factories.survey(branch, edition=edition, now=now, size=count, cool_down_days=0)


def _milliseconds(act: Any) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000
