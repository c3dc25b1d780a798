"""First contacts: drawn at random and read from the records; mystery calls typed in (T-12)."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.guard import check_year, check_year_of_day
from csm.kit import periods
from csm.kit.errors import Refused
from organisation.access import require
from organisation.models import Branch, Person
from staff.models import ContactDraw, MysteryCall
from staff.models.first_contact import ITEMS

RUN = "audit.run"
# No two draws take the same contact.
DRAW_LOCK = 5_012
LARGEST_SEED = 2**53 - 1  # what a program in another language reads as the same number
MOST_PER_BRANCH = 200

# Whoever took it in is the first contact, as the event says: their part as a participant ends when
# the complaint is accepted. What customers wrote themselves had none.
FRAME = """
WITH frame AS (
    SELECT c.id, c.intake_branch_id AS branch_id, c.received_at, c.logged_at,
           e.id AS logged_id, e.at AS since, e.by_id AS person_id,
           t.id AS result_id, t.state, t.due_at, t.met_at, t.unreached_at,
           row_number() OVER (
               PARTITION BY c.intake_branch_id ORDER BY md5(%(seed)s || ':' || c.id), c.id
           ) AS place
    FROM complaints_complaint c
    JOIN complaints_event e
        ON e.complaint_id = c.id AND e.kind = 'logged' AND e.by_id IS NOT NULL
    JOIN complaints_timer t ON t.complaint_id = c.id AND t.kind = 'result' AND t.cycle = 1
    WHERE c.received_at >= %(start)s AND c.received_at < %(end)s AND NOT c.is_history
        AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
        AND c.intake_branch_id = ANY(%(branches)s)
        AND (t.met_at IS NOT NULL OR t.due_at < %(now)s)
        AND NOT EXISTS (SELECT FROM staff_auditedcontact a WHERE a.complaint_id = c.id)
)
"""
COUNT = "SELECT count(*) FROM frame"
# Registered: within a quarter of an hour. Kept: until somebody took it on (or, with nobody, until
# the result) no promise was missed. Followed: the first contact did something on it later on,
# before the result. Answered: the verdict on the clock of the result.
READ = """
INSERT INTO staff_auditedcontact
    (draw_id, complaint_id, branch_id, person_id, taken_in_on, logged_id, hand_over_id, missed_id,
     followed_id, result_id, is_registered, is_kept, is_followed, is_answered)
SELECT %(draw)s, f.id, f.branch_id, f.person_id, (f.received_at AT TIME ZONE %(zone)s)::date,
       f.logged_id, h.id, m.id, w.id, f.result_id,
       f.logged_at - f.received_at <= interval '15 minutes', m.id IS NULL, w.id IS NOT NULL,
       CASE WHEN f.state IN ('void', 'waived')
                OR f.state = 'unreached' AND f.unreached_at <= f.due_at THEN NULL
            ELSE coalesce(f.met_at <= f.due_at, false) END
FROM frame f
LEFT JOIN LATERAL (
    SELECT h.id, h.accepted_at FROM complaints_handover h
    WHERE h.complaint_id = f.id AND h.accepted_at <= %(now)s
    ORDER BY h.accepted_at, h.id LIMIT 1
) h ON true
LEFT JOIN LATERAL (
    SELECT t.id FROM complaints_timer t
    WHERE t.complaint_id = f.id AND t.cycle = 1 AND t.state NOT IN ('void', 'waived', 'unreached')
        AND t.due_at < least(
            coalesce(h.accepted_at, f.met_at, %(now)s), coalesce(t.met_at, %(now)s)
        )
    ORDER BY t.due_at, t.id LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    SELECT e.id FROM complaints_event e
    WHERE e.complaint_id = f.id AND e.by_id = f.person_id AND e.at > f.since
        AND e.at <= coalesce(f.met_at, %(now)s)
    ORDER BY e.at, e.id LIMIT 1
) w ON true
WHERE f.place <= %(per_branch)s
ORDER BY f.branch_id, f.place
"""


@transaction.atomic
def draw(
    *,
    branch: Branch,
    first_on: date,
    last_on: date,
    per_branch: int,
    by: Person,
    now: datetime,
    seed: int | None = None,
) -> ContactDraw:
    """So many contacts of the branch and of each below it, answered from the records at once."""
    require(by, RUN, branch)
    _check_days(first_on, last_on, now)
    if not 1 <= per_branch <= MOST_PER_BRANCH:
        words = _("Draw 1 to %(most)d contacts of each branch.") % {"most": MOST_PER_BRANCH}
        raise Refused.at("per_branch", words)
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    zone = timezone.get_default_timezone()
    days = periods.days(first_on, last_on, zone=zone)
    given: dict[str, Any] = {
        "seed": str(seed),
        "start": days.start,
        "end": days.end,
        "branches": list(Branch.objects.under(branch).values_list("pk", flat=True)),
        "per_branch": per_branch,
        "now": now,
        "zone": zone.key,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DRAW_LOCK])
        cursor.execute(FRAME + COUNT, given)
        frame_size = cursor.fetchone()[0]
        if not frame_size:
            raise Refused(_("No contact of these days is left to be drawn."))
        made = ContactDraw.objects.create(
            branch=branch,
            first_on=first_on,
            last_on=last_on,
            per_branch=per_branch,
            seed=seed,
            frame_size=frame_size,
            drawn_at=now,
            drawn_by=by,
        )
        cursor.execute(FRAME + READ, given | {"draw": made.pk})
    return made


def _check_days(first_on: date, last_on: date, now: datetime) -> None:
    check_year_of_day(first_on, field="first_on")
    check_year_of_day(last_on, field="last_on")
    if last_on < first_on:
        words = _("The last day lies before the first one.")
        raise Refused.at("last_on", words)
    if last_on > timezone.localdate(now):
        words = _("These days are not over yet.")
        raise Refused.at("last_on", words)


@transaction.atomic
def enter_call(
    *,
    branch: Branch,
    called_at: datetime,
    asked: str,
    answers: Mapping[str, bool | None],
    submission: UUID,
    by: Person,
    now: datetime,
    remark: str = "",
) -> MysteryCall:
    """What a mystery call met with. `answers`: by the names of `ITEMS`; None is not judged."""
    require(by, RUN, branch)
    known = MysteryCall.objects.filter(submission=submission, by=by).first()
    if known is not None:
        return known
    check_year(called_at, field="called_at")
    if called_at > now:
        words = _("Enter a time that has passed.")
        raise Refused.at("called_at", words)
    if not asked.strip():
        words = _("Say what was asked.")
        raise Refused.at("asked", words)
    if by.postings.filter(branch=branch).exists():
        words = _("You work there: let somebody else call.")
        raise Refused.at("branch", words)
    given = {name: answers.get(name) for name in ITEMS}
    if set(given.values()) == {None}:
        raise Refused(_("Answer at least one of the four."))
    return MysteryCall.objects.create(
        branch=branch,
        called_at=called_at,
        called_on=timezone.localdate(called_at),
        asked=asked.strip(),
        remark=remark.strip(),
        submission=submission,
        by=by,
        entered_at=now,
        **given,
    )
