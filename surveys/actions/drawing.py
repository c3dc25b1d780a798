"""Drawing a sample: at random, repeatable by its seed, once per survey (S-02, S-18, F-17)."""

import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, touch
from organisation.access import require
from organisation.actions import jobs
from organisation.actions.jobs import Runner, Work
from organisation.models import Job, Person
from surveys.actions import facts, sending
from surveys.actions.surveys import EDIT, due
from surveys.frames import FRAME, Frame, frame_of, parameters
from surveys.models import SILENT, Survey, SurveyStatus
from surveys.sampling import wanted

KIND = "survey-draw"
# So many are drawn while the person waits.
SMALL = 2000
# Who is drawn or invited first is known to all who draw after: no customer is asked twice at once.
INVITING_LOCK = 6_301
LARGEST_SEED = 2**53 - 1  # what a program in another language reads as the same number


@transaction.atomic
def draw(
    *,
    survey: Survey,
    by: Person,
    now: datetime,
    seed: int | None = None,
    version: int | None = None,
) -> Job | None:
    """Draw the sample, a large one by a job, which is given then."""
    _check(survey, by, version)
    frame = frame_of(survey, now=now)
    size = sum(wanted(survey, frame).values())
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    if size <= SMALL:
        draw_now(survey=survey, by=by, now=now, seed=seed)
        return None
    job = jobs.put(
        kind=KIND,
        title=_("Draw the sample of “%(survey)s”") % {"survey": survey},
        parameters={"survey": survey.pk, "seed": seed, "language": get_language()},
        by=by,
        now=now,
        path=reverse("survey", args=[survey.pk]),
    )
    touch(survey, draw_job=job)
    return job


@transaction.atomic
def draw_now(*, survey: Survey, by: Person, now: datetime, seed: int) -> int:
    """Draw while the caller waits; the number of customers drawn.

    Under a lock that all draws share: a customer who is drawn just now has been asked.
    """
    held = Survey.objects.select_for_update().select_related("branch").get(pk=survey.pk)
    _check_open(held, by)
    lock_inviting()
    frame = frame_of(held, now=now)
    sizes = wanted(held, frame)
    count = _invite(held, sizes, now=now, seed=seed)
    touch(
        held,
        size=count,
        seed=seed,
        frame_size=frame.size,
        drawn_at=now,
        drawn_by=by,
        draw=_found(frame, sizes),
    )
    survey.refresh_from_db()
    return count


def lock_inviting() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INVITING_LOCK])


def run(work: Work) -> dict[str, Any]:
    """The job: draw, and of a running survey queue the invitations. A second start goes on."""
    given = work.job.parameters
    with translation.override(given["language"]):
        survey = Survey.objects.filter(pk=given["survey"]).select_related("branch").first()
        if survey is None:
            raise Refused(_("The survey was thrown away."))
        if survey.drawn_at is None:
            draw_now(survey=survey, by=work.by, now=work.watch.now, seed=given["seed"])
        total, sent = survey.size or 0, 0
        work.alive(0, total)
        while batch := sending.send_batch(now=work.watch.now, survey=survey):
            sent += batch
            work.alive(min(sent, total))
        return {"drawn": total}


RUNNERS: dict[str, Runner] = {KIND: run}


def _check(survey: Survey, by: Person, version: int | None) -> None:
    """Whether somebody may draw now; a draw that is being made is one."""
    _check_open(survey, by)
    check_version(survey, version)
    if survey.draw_job is not None and survey.draw_job.is_unfinished:
        raise NotOpen(_("The sample is being drawn already."))


def _check_open(survey: Survey, by: Person) -> None:
    require(by, EDIT, survey)
    if survey.drawn_at is not None:
        raise NotOpen(_("The sample is drawn already, and stays. Make another survey for others."))
    if survey.status == SurveyStatus.CLOSED:
        raise NotOpen(_("This survey is closed."))
    if not survey.takes_sample:
        raise Refused(_("This survey asks without a sample: nothing is drawn for it."))


def _found(frame: Frame, sizes: dict[str, int]) -> dict[str, Any]:
    strata = [[code, count, sizes.get(code, 0)] for code, count in sorted(frame.strata.items())]
    return {"excluded": frame.excluded, "strata": strata}


def _invite(survey: Survey, sizes: dict[str, int], *, now: datetime, seed: int) -> int:
    moments = due(survey, now)
    if survey.status != SurveyStatus.OPEN:
        moments |= SILENT
    given = {
        "survey": survey.pk,
        "seed": str(seed),
        "now": now,
        "codes": list(sizes),
        "numbers": list(sizes.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(FRAME + DRAW, parameters(survey, now) | moments | given)
        number = int(cursor.rowcount)
    facts.asked(survey, now=now)
    return number


# The order of the hash is as good as random, and the same whenever it is drawn again.
DRAW = """
, placed AS (
    SELECT f.*, row_number() OVER (
        PARTITION BY f.stratum ORDER BY md5(%(seed)s || ':' || f.id), f.id
    ) AS place
    FROM frame f WHERE f.excluded = ''
)
INSERT INTO surveys_invitation
    (survey_id, customer_id, branch_id, status, stratum, tier, grade, stage, address, created_at,
     next_message_at, call_at, expires_at, version, reminders)
SELECT %(survey)s, p.id, p.home_branch_id, 'waiting', p.stratum, p.tier, p.grade, p.stage,
       CASE %(point)s WHEN 'email' THEN p.value ELSE '' END, %(now)s,
       %(next_message_at)s, %(call_at)s, %(expires_at)s, 1, 0
FROM placed p
JOIN unnest(%(codes)s::text[], %(numbers)s::bigint[]) AS s(code, wanted) ON s.code = p.stratum
WHERE p.place <= s.wanted
ORDER BY p.place, p.stratum
"""
