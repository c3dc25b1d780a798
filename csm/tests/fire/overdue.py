"""Many complaints that nobody touched for five days, and what the ladders must have said of each.

What must have been said is not written down here: one complaint is swept undisturbed, and each of
those that were swept under fire must look the same.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from complaints.models import MILESTONES, Complaint, Event
from csm.tests import ladders
from csm.tests.waiting import wait_until
from organisation.models import Message, Person

PATIENCE = 120  # seconds
COMPLAINTS = """
INSERT INTO complaints_complaint
SELECT made.* FROM complaints_complaint c
CROSS JOIN generate_series(1, %(count)s) AS place
CROSS JOIN LATERAL jsonb_populate_record(
    NULL::complaints_complaint,
    to_jsonb(c) || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('complaints_complaint', 'id')),
        'number', %(name)s || '-' || place
    )
) made
WHERE c.id = %(control)s
"""
TIMERS = """
INSERT INTO complaints_timer
SELECT made.* FROM complaints_timer t
JOIN complaints_complaint c ON c.number LIKE %(name)s || '-%%'
CROSS JOIN LATERAL jsonb_populate_record(
    NULL::complaints_timer,
    to_jsonb(t) || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('complaints_timer', 'id')),
        'complaint_id', c.id, 'next_fire_at', t.fire_at[1]
    )
) made
WHERE t.complaint_id = %(control)s
"""
# Of each complaint: events of its clocks, messages, and the clocks themselves.
SAID = """
SELECT facts, count(*) FROM (
    SELECT c.id, array_agg(fact ORDER BY fact) AS facts
    FROM complaints_complaint c JOIN (
        SELECT e.complaint_id, concat_ws(' ', e.kind, t.kind, e.step_id) AS fact
        FROM complaints_event e JOIN complaints_timer t ON t.id = e.timer_id
        UNION ALL
        SELECT t.complaint_id, concat_ws(
            ' ', 'told', t.kind, split_part(m.key, ':', 3), m.recipient_id, m.channel, m.state)
        FROM organisation_message m
        JOIN complaints_timer t ON m.key LIKE 'timer:%%' AND t.id::text = split_part(m.key, ':', 2)
        UNION ALL
        SELECT complaint_id, concat_ws(' ', 'clock', kind, state, next_fire_at, quarantined_at)
        FROM complaints_timer
    ) said ON said.complaint_id = c.id
    WHERE c.number = %(name)s OR c.number LIKE %(name)s || '-%%'
    GROUP BY c.id
) complaints GROUP BY facts
"""


@dataclass(frozen=True)
class Control:
    """A complaint that was swept in peace."""

    complaint: Complaint

    @classmethod
    def swept(cls) -> "Control":
        """Wait for the workers to do it. Nobody has an e-mail address: one row tells a person."""
        with transaction.atomic():
            ladders.untouched(1)
            Person.objects.update(email="")
            ladders.let_pass(timedelta(days=5))
        control = cls(Complaint.objects.get())
        wait_until_fired()
        [(facts, _one)] = said(control.complaint.number)
        assert len([fact for fact in facts if fact.startswith("step_")]) == ladders.STEPS
        assert {fact.split()[1] for fact in facts if fact.startswith("told")} == {*MILESTONES}
        return control

    def add(self, name: str, count: int) -> None:
        """So many like it, each with four clocks that have not spoken yet."""
        given: dict[str, str | int] = {"name": name, "count": count, "control": self.complaint.pk}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(COMPLAINTS, given)
            cursor.execute(TIMERS, given)

    def check(self, name: str, count: int) -> None:
        """Nothing is lost, nothing is doubled: all are like the control to the row."""
        [(facts, _one)] = said(self.complaint.number)
        assert said(name) == [(facts, count)]
        steps = Event.objects.filter(complaint__number__startswith=f"{name}-", step__isnull=False)
        assert steps.count() == steps.values("timer", "step").distinct().count()
        assert steps.count() == count * ladders.STEPS
        assert steps.filter(kind="step_fired").count() == count * 4
        heard = Message.objects.filter(key__startswith="timer:").values("key", "recipient")
        assert heard.count() == heard.distinct().count()


def said(name: str) -> list[tuple[list[str], int]]:
    """What was said of the complaints of a name, and of how many the same."""
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"name": name})
        return [*cursor.fetchall()]


def wait_until_fired() -> None:
    wait_until(lambda: not ladders.due(), "the end of the sweep", patience=PATIENCE)
