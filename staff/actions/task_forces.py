"""The task force for satisfaction: set up, given duties, reported on, ended (O-04)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_act, move, touch
from organisation import outbox
from organisation.access import can, require
from organisation.models import Branch, Importance, Person, Posting
from organisation.outbox import Notice
from staff.models import Duty, DutyReport, DutyStatus, TaskForce, TaskForceStatus
from staff.models.task_force import EDIT
from staff.task_forces import is_late

YEARS = timedelta(days=3 * 366)
# Whoever is responsible hears again so long before the day.
AHEAD = timedelta(days=3)


@transaction.atomic
def create(
    *, branch: Branch, name: str, purpose: str, lead: Person, by: Person, now: datetime
) -> TaskForce:
    """Set one up; who leads it hears."""
    require(by, EDIT, branch)
    _check(name, purpose, lead)
    force = TaskForce.objects.create(
        branch=branch,
        name=name.strip(),
        purpose=purpose.strip(),
        lead=lead,
        created_at=now,
        created_by=by,
    )
    _tell(force, "task_force_lead", force.lead, f"lead:{lead.pk}:1", by=by, now=now)
    return force


@transaction.atomic
def edit(
    *,
    force: TaskForce,
    name: str,
    purpose: str,
    lead: Person,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    require(by, EDIT, force)
    check_act(force, "edit", version)
    _check(name, purpose, lead)
    is_new = lead.pk != force.lead_id
    touch(force, name=name.strip(), purpose=purpose.strip(), lead=lead)
    if is_new:
        _tell(force, "task_force_lead", lead, f"lead:{lead.pk}:{force.version}", by=by, now=now)


@transaction.atomic
def end(
    *, force: TaskForce, outcome: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Its purpose is reached, or given up: said in words, once no duty is open."""
    require(by, EDIT, force)
    check_act(force, "end", version)
    if not outcome.strip():
        raise Refused.at("outcome", _("Say what was reached."))
    if left := force.duties.filter(status=DutyStatus.OPEN).count():
        raise NotOpen(
            _("%(n)d duties are still open: finish or drop them first.") % {"n": left},
            allowed=["add_duty"],
        )
    move(force, to=TaskForceStatus.ENDED, ended_at=now, ended_by=by, outcome=outcome.strip())


@transaction.atomic
def add_duty(
    *,
    force: TaskForce,
    department: str,
    person: Person,
    text: str,
    by: Person,
    now: datetime,
    due_on: date | None = None,
    version: int | None = None,
) -> Duty:
    """What a department has to do; one of its people is responsible, and hears."""
    require_lead(force, by=by)
    check_act(force, "add_duty", version)
    if not text.strip():
        raise Refused.at("text", _("Say what is to be done."))
    if not Posting.objects.filter(person=person, role=department, person__is_active=True).exists():
        raise Refused.at("person", _("Choose somebody who works in this department."))
    today = timezone.localdate(now)
    if due_on is not None and not today <= due_on <= today + YEARS:
        raise Refused.at("due_on", _("Enter a day from today on, within three years."))
    touch(force)
    duty = Duty.objects.create(
        force=force,
        department=department,
        person=person,
        text=text.strip(),
        due_on=due_on,
        created_at=now,
    )
    _tell(force, "duty_given", person, f"duty:{duty.pk}", by=by, now=now, duty=duty)
    return duty


@transaction.atomic
def report(
    *, duty: Duty, words: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """What was done so far; who leads hears."""
    _report(duty, "report", words, by, now, version)
    touch(duty)


@transaction.atomic
def finish(
    *, duty: Duty, words: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """It is done; the last words say what came of it."""
    _report(duty, "finish", words, by, now, version)
    move(duty, to=DutyStatus.DONE)


@transaction.atomic
def drop(*, duty: Duty, reason: str, by: Person, now: datetime, version: int | None = None) -> None:
    """It is not needed any more; whoever leads decides that, and says why."""
    require_lead(duty.force, by=by)
    check_act(duty, "drop", version)
    if not reason.strip():
        raise Refused.at("reason", _("Say why: whoever is responsible reads it."))
    DutyReport.objects.create(duty=duty, words=reason.strip(), by=by, at=now)
    move(duty, to=DutyStatus.DROPPED)
    key = f"duty:{duty.pk}:dropped"
    _tell(duty.force, "duty_dropped", duty.person, key, by=by, now=now, duty=duty, words=reason)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Three days before the day, and once it has passed. Each is told once."""
    until = timezone.localdate(now) + AHEAD
    rows = Duty.objects.filter(
        status=DutyStatus.OPEN, force__status=TaskForceStatus.ACTIVE, due_on__lte=until
    )
    notices = [_due(row, is_late=is_late(row, now=now)) for row in rows.select_related("force")]
    return outbox.put_all(notices, now=now)


def require_lead(force: TaskForce, *, by: Person) -> None:
    """Who leads it, or who may set one up."""
    if by.pk != force.lead_id and not can(by, EDIT, force):
        raise Forbidden(_("Whoever leads the task force gives its duties."))


def require_responsible(duty: Duty, *, by: Person) -> None:
    """Who is responsible, or who leads."""
    if by.pk != duty.person_id:
        require_lead(duty.force, by=by)


def acts(record: TaskForce | Duty, person: Person) -> Sequence[str]:
    """What is open to this person now."""
    if isinstance(record, TaskForce):
        is_editor = can(person, EDIT, record)
        may = {"edit": is_editor, "end": is_editor, "add_duty": _leads(record, person)}
    else:
        leads = _leads(record.force, person)
        is_responsible = leads or person.pk == record.person_id
        may = {"report": is_responsible, "finish": is_responsible, "drop": leads}
    return [name for name in record.open_actions if may[name]]


def _leads(force: TaskForce, person: Person) -> bool:
    return person.pk == force.lead_id or can(person, EDIT, force)


def _report(
    duty: Duty, act: str, words: str, by: Person, now: datetime, version: int | None
) -> None:
    require_responsible(duty, by=by)
    check_act(duty, act, version)
    if not words.strip():
        raise Refused.at("words", _("Say what was done."))
    made = DutyReport.objects.create(duty=duty, words=words.strip(), by=by, at=now)
    key = f"duty-report:{made.pk}"
    force = duty.force
    _tell(force, "duty_reported", force.lead, key, by=by, now=now, duty=duty, words=words)


def _check(name: str, purpose: str, lead: Person) -> None:
    if not name.strip():
        raise Refused.at("name", _("Enter a name."))
    if not purpose.strip():
        raise Refused.at("purpose", _("Say what it is for."))
    if not lead.is_active:
        raise Refused.at("lead", _("This person has left."))


def _due(duty: Duty, *, is_late: bool) -> Notice:
    return Notice(
        key=f"duty:{duty.pk}:{'late' if is_late else 'soon'}:{duty.due_on}",
        people=[duty.person_id, duty.force.lead_id] if is_late else [duty.person_id],
        text="duty_due",
        context={
            "name": duty.force.name,
            "duty": duty.text,
            "day": duty.due_on.isoformat() if duty.due_on else "",
            "is_late": is_late,
        },
        importance=Importance.OVERDUE if is_late else Importance.REMINDER,
        path=f"/staff/task-forces/{duty.force_id}/",
    )


def _tell(
    force: TaskForce,
    text: str,
    to: Person,
    key: str,
    *,
    by: Person,
    now: datetime,
    duty: Duty | None = None,
    words: str = "",
) -> None:
    outbox.put(
        key=f"task-force:{force.pk}:{key}",
        to=[to],
        text=text,
        context={
            "name": force.name,
            "duty": duty.text if duty else "",
            "day": duty.due_on.isoformat() if duty and duty.due_on else "",
            "words": words,
            "by": by.name,
        },
        importance=Importance.REMINDER,
        path=f"/staff/task-forces/{force.pk}/",
        now=now,
        apart_from=by,
    )
