"""The company's rules for assessments, each with what it usually costs."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from complaints.actions.assessments import check_measure
from complaints.models import AssessmentRule
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.models import Person

VERB = "assessment_rule.edit"
RULES_LOCK = 4717


@transaction.atomic
def create(
    *,
    code: str,
    text: str,
    kind: str,
    by: Person | None,
    points: int | None = None,
    amount: Decimal | None = None,
) -> AssessmentRule:
    """One more rule to choose from when something is proposed."""
    require_everywhere(by, VERB)
    _lock()
    _check(text, kind, points, amount)
    if AssessmentRule.objects.filter(code=code).exists():
        problem = _("There is a rule of this code already.")
        raise Refused(problem, fields={"code": problem})
    return AssessmentRule.objects.create(
        code=code, text=text.strip(), kind=kind, points=points, amount=amount
    )


@transaction.atomic
def change(
    *,
    rule: AssessmentRule,
    text: str,
    kind: str,
    is_active: bool,
    by: Person | None,
    now: datetime,
    points: int | None = None,
    amount: Decimal | None = None,
) -> None:
    """For what is proposed from now on. Switched on again, it does not reach back in time."""
    require_everywhere(by, VERB)
    _lock()
    _check(text, kind, points, amount, but=rule)
    stamp: dict[str, Any] = {} if rule.is_active or not is_active else {"active_since": now}
    AssessmentRule.objects.filter(pk=rule.pk).update(
        text=text.strip(), kind=kind, points=points, amount=amount, is_active=is_active, **stamp
    )
    rule.refresh_from_db()


def _check(
    text: str,
    kind: str,
    points: int | None,
    amount: Decimal | None,
    *,
    but: AssessmentRule | None = None,
) -> None:
    check_measure(kind, points, amount)
    # As the database has it, which finds more letters alike than Python does, or fewer.
    others = AssessmentRule.objects.filter(Exact(Lower("text"), Lower(Value(text.strip()))))
    if (others.exclude(pk=but.pk) if but else others).exists():
        problem = _("There is a rule of these words already.")
        raise Refused(problem, fields={"text": problem})


def _lock() -> None:
    """Of two people who write the same rule at once the slower one reads why not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RULES_LOCK])
