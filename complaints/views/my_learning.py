"""What of measures, checks, lessons, topics and courses waits, as "my work" says it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Model, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import learning_work as work
from complaints import offered
from csm.templatetags.csm import when
from organisation.access import can
from organisation.models import Person


def waiting(person: Person, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Words, address and a note of each kind of which any waits."""
    count, first = _first(work.measures_to_finish(person), "due_on")
    if count:
        words = ngettext("%(count)d measure to finish", "%(count)d measures to finish", count)
        yield _said(
            words, count, "measures", "?view=mine", _("The next is due on %(time)s."), first
        )
    if can(person, "work_order.confirm"):
        today = timezone.localdate(now)
        count, first = _first(work.checks_to_decide(person, today), "due_on")
        if count:
            words = ngettext(
                "%(count)d check of effectiveness", "%(count)d checks of effectiveness", count
            )
            note = _("The oldest is due since %(time)s.")
            yield _said(words, count, "checks", "", note, first)
    if can(person, "lesson.answer"):
        rows = work.lessons_to_answer(person)
        count, first = _first(rows, "offered_at", each=offered.EACH)
        if count:
            words = ngettext(
                "%(count)d order to learn from", "%(count)d orders to learn from", count
            )
            yield _said(words, count, "lessons", "", _("The oldest was offered %(time)s."), first)
    if can(person, "improvement.edit"):
        count, first = _first(work.improvements_to_take_on(person), "requested_at")
        if count:
            words = ngettext(
                "%(count)d topic or course requested",
                "%(count)d topics or courses requested",
                count,
            )
            note = _("The oldest was requested %(time)s.")
            yield _said(words, count, "improvements", "", note, first)


def _first(rows: QuerySet[Model], name: str, *, each: str | Combinable = "pk") -> tuple[int, str]:
    """How many distinct values of `each`, and the first date or moment of all."""
    found = rows.order_by().aggregate(count=Count(each, distinct=each != "pk"), first=Min(name))
    first = found["first"]
    words = when(first, "text") if isinstance(first, datetime) else str(first)
    return found["count"], str(words)


def _said(
    words: str, count: int, name: str, query: str, note: str, first: str
) -> tuple[str, str, str]:
    return words % {"count": count}, reverse(name) + query, note % {"time": first}
