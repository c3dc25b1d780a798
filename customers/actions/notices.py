"""Telling a segment of customers something before they ask: preview, send, stop (C-24)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from customers import segments
from customers.models import Cause, Customer, CustomerNotice, NoticeStatus, Segment
from customers.notices_sql import COUNT, DECLINED, FIX, FOUND, NEXT, STATES, TAKE_BACK
from organisation import letters
from organisation.access import require
from organisation.letters import Draft
from organisation.models import Person

WRITE = "customer.notify"
BATCH = 2000
TEXTS = ("title", "words", "title_en", "words_en")


@dataclass(frozen=True)
class Reach:
    """Customers of the segment: who is told, and who is not, for which reason."""

    told: int
    declined: int
    quiet: int
    unreachable: int

    @property
    def all(self) -> int:
        return self.told + self.declined + self.quiet + self.unreachable


@transaction.atomic
def draft(
    *,
    cause: str,
    segment: Segment,
    title: str,
    words: str,
    by: Person,
    now: datetime,
    title_en: str = "",
    words_en: str = "",
) -> CustomerNotice:
    """Nobody is told yet."""
    require(by, WRITE, segment)
    given = _checked(cause, title=title, words=words, title_en=title_en, words_en=words_en)
    return CustomerNotice.objects.create(
        segment=segment, branch=segment.branch, cause=cause, by=by, at=now, **given
    )


@transaction.atomic
def change(
    *,
    notice: CustomerNotice,
    cause: str,
    segment: Segment,
    by: Person,
    now: datetime,
    version: int | None = None,
    **texts: str,
) -> None:
    """As long as nobody was told."""
    require(by, WRITE, notice)
    require(by, WRITE, segment)
    check_version(notice, version)
    if notice.status != NoticeStatus.DRAFT:
        raise NotOpen(_("This notice was sent already."))
    given = _checked(cause, **texts)
    touch(notice, segment=segment, branch=segment.branch, cause=cause, **given)


def reach(notice: CustomerNotice, *, now: datetime) -> Reach:
    """Whom it would reach now; a customer with several reasons counts under the first."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND + COUNT, _given(notice, now))
        counts = dict(cursor.fetchall())
    names = ("told", "declined", "quiet", "unreachable")
    return Reach(**{name: int(counts.get(name, 0)) for name in names})


@transaction.atomic
def send(
    *,
    notice: CustomerNotice,
    seen: int,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> int:
    """Fix whom it goes to; the letters are written by the sweep. `seen`: the number that was shown.

    Refused when the number is another by now: whoever sends looks at it again.
    """
    require(by, WRITE, notice)
    # The segment may be one of more branches by now.
    require(by, WRITE, notice.segment)
    check_version(notice, version)
    if notice.status != NoticeStatus.DRAFT:
        raise NotOpen(_("This notice was sent already."))
    move(notice, to=NoticeStatus.SENDING, sent_by=by, sent_at=now)
    with connection.cursor() as cursor:
        cursor.execute(FOUND + FIX, _given(notice, now) | {"notice": notice.pk})
        number = int(cursor.rowcount)
    if not number:
        raise Refused(_("Nobody of this segment can be told by e-mail."))
    if number != seen:
        words = _("By now it would go to %(n)d customers. Look at it again, then send it.")
        raise Refused(words % {"n": number})
    return number


@transaction.atomic
def stop(*, notice: CustomerNotice, by: Person, now: datetime) -> int:
    """What has not left does not leave; gives the number of letters that were taken back."""
    require(by, WRITE, notice)
    held = CustomerNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if held.status == NoticeStatus.STOPPED:
        return 0
    if held.status == NoticeStatus.SENT and not waiting(held):
        raise NotOpen(_("All letters have left already."))
    if held.status == NoticeStatus.DRAFT:
        raise NotOpen(_("This notice was not sent."))
    move(held, to=NoticeStatus.STOPPED, ended_at=now)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"notice": notice.pk})
        return int(cursor.rowcount)


def decline(customer: Customer) -> None:
    """Who wishes no notices gets none of those, either, that have not left."""
    with connection.cursor() as cursor:
        cursor.execute(DECLINED, {"customer": customer.pk})


def waiting(notice: CustomerNotice) -> int:
    """Letters that are written and have not left."""
    return counts(notice)["waiting"]


def counts(notice: CustomerNotice) -> dict[str, int]:
    """Of its letters: unwritten, waiting, sent, failed."""
    with connection.cursor() as cursor:
        cursor.execute(STATES, {"notice": notice.pk})
        found = dict(cursor.fetchall())
    return {name: int(found.get(name, 0)) for name in ("unwritten", "waiting", "sent", "failed")}


def deliver(*, now: datetime) -> int:
    """Write the letters of what is being sent, a batch in each transaction."""
    done = 0
    for pk in CustomerNotice.objects.filter(status=NoticeStatus.SENDING).values_list(
        "pk", flat=True
    ):
        while (number := _write_batch(pk, now)) is not None:
            done += number
    return done


@transaction.atomic
def _write_batch(pk: int, now: datetime) -> int | None:
    """None: nothing is left, or it was stopped. The lock keeps a stop and a batch apart."""
    rows = CustomerNotice.objects.select_for_update(no_key=True).filter(pk=pk)
    notice = rows.filter(status=NoticeStatus.SENDING).first()
    if notice is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"notice": pk, "now": now, "batch": BATCH})
        found = cursor.fetchall()
    if not found:
        move(notice, to=NoticeStatus.SENT, ended_at=now)
        return None
    # Who declined or lost the address in the meantime has none here, and is told nothing.
    return letters.put_all((_draft(notice, row) for row in found), now=now, is_bulk=True)


def _draft(notice: CustomerNotice, row: tuple[Any, ...]) -> Draft:
    customer, address, name, language = row
    is_english = language == "en" and bool(notice.title_en)
    return Draft(
        key=f"notice:{notice.pk}:{customer}",
        address=address or "",
        text="customer_notice",
        language=language,
        name=name,
        context={
            "title": notice.title_en if is_english else notice.title,
            "words": notice.words_en if is_english else notice.words,
        },
    )


def _checked(cause: str, **texts: str) -> dict[str, str]:
    given = {name: texts.get(name, "").strip() for name in TEXTS}
    wrong = {}
    if cause not in Cause.values:
        wrong["cause"] = _("Choose why they are told.")
    if not given["title"]:
        wrong["title"] = _("Give it a title.")
    if not given["words"]:
        wrong["words"] = _("Say what they are told.")
    if bool(given["title_en"]) != bool(given["words_en"]):
        wrong["words_en"] = _("Title and text in English belong together.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return given


def _given(notice: CustomerNotice, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    rows = segments.members(notice.segment, today=today).values_list("pk", flat=True)
    return {"members": list(rows), "today": today, "urgent": notice.cause == Cause.INCIDENT}
