"""The report line: reported, decided, rewarded without a name, told as a case (T-17).

Whoever reports is written down in a table of its own, if they give their name at all, and nowhere
else: no event, no message, no uploader of a file, no time of day names or betrays them.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import pictures
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation import outbox
from organisation.access import require, require_everywhere
from organisation.actions import access_records, files
from organisation.models import Branch, Importance, Person
from staff.masked import names_in
from staff.models import Tip, TipFile, TipSource, TipStatus, TypicalCase
from staff.tips import HANDLE, IDENTITY, by_receipt, handlers, receipt_hash, tips

SEE = "incentive.see"
# No 0, O, 1, I: a receipt is read from paper. 16 of 32 signs are 80 bits.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT = re.compile(r"(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}")
LARGEST_REWARD = Decimal(100_000)
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt"}


def new_receipt() -> str:
    """What the reporter keeps: ABCD-EFGH-JKLM-NPQR."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(4)) for _group in range(4))


@transaction.atomic
def report(
    *,
    branch: Branch,
    subject: str,
    text: str,
    receipt: str,
    by: Person,
    now: datetime,
    is_named: bool = False,
    contact: str = "",
    kept_from: Iterable[Person] = (),
    uploads: "Sequence[UploadedFile[Any]]" = (),
) -> Tip:
    """Take a tip in; the same receipt twice is one. `is_named`: whether `by` is kept at all."""
    require(by, SEE)
    if not RECEIPT.fullmatch(receipt):
        raise Refused(_("This form is too old. Open it again."))
    known = by_receipt(receipt)
    if known is not None:
        return known
    missing = {"subject": subject, "text": text}
    words = {"subject": _("Say what it is about."), "text": _("Say what happened.")}
    if fields := {name: words[name] for name, said in missing.items() if not said.strip()}:
        raise Refused(next(iter(fields.values())), fields=fields)
    left_out = {person.pk for person in kept_from}
    readers = [person for person in handlers() if person.pk not in left_out]
    if not readers:
        problem = _("Somebody must be left who may read it.")
        raise Refused.at("kept_from", problem)
    tip = Tip.objects.create(
        branch=branch,
        subject=subject.strip(),
        text=text.strip(),
        received_on=timezone.localdate(now),
        receipt_hash=receipt_hash(receipt),
    )
    tip.kept_from.set(left_out)
    # Nothing names who uploaded them, neither a name of a file nor what is inside it; and the day
    # begins when they do.
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    stored = files.store(_without_traces(uploads), by=None, now=midnight)
    TipFile.objects.bulk_create(TipFile(tip=tip, file=file) for file in stored)
    if is_named or contact.strip():
        person = by if is_named else None
        TipSource.objects.create(tip=tip, person=person, contact=contact.strip())
    outbox.put(
        key=f"tip:{tip.pk}:received",
        to=readers,
        text="tip_received",
        # A deputy may be the one it concerns.
        context={outbox.ALONE: True},
        importance=Importance.REMINDER,
        path=f"/staff/tips/{tip.pk}/",
        now=now,
    )
    return tip


def _without_traces(uploads: "Sequence[UploadedFile[Any]]") -> "list[UploadedFile[Any]]":
    """Pictures and plain text, numbered; other files carry the name of who made them: refused."""
    return [_without_trace(upload, place) for place, upload in enumerate(uploads, start=1)]


def _without_trace(upload: "UploadedFile[Any]", place: int) -> "UploadedFile[Any]":
    seen = files.examined(upload)
    content, ending = upload.read(), ENDINGS.get(seen.content_type)
    try:
        if ending in (".jpg", ".png"):
            content = pictures.bare(content, seen.content_type)
    except ValueError:
        ending = None
    if ending is None:
        words = _("“%(name)s” may carry your name. Send photos (JPEG, PNG) or plain text.")
        raise Refused.at("files", words % {"name": seen.name})
    return SimpleUploadedFile(f"{place}{ending}", content, seen.content_type)


@transaction.atomic
def decide(
    *,
    tip: Tip,
    is_upheld: bool,
    result: str,
    by: Person,
    now: datetime,
    reward: Decimal | None = None,
    version: int | None = None,
) -> None:
    """Whether it is true; the reporter reads the result with their receipt."""
    _check(tip, by, version)
    if tip.status != TipStatus.RECEIVED:
        raise NotOpen(_("This tip is decided."))
    if not result.strip():
        words = _("Say what came of it: whoever reported it reads this.")
        raise Refused.at("result", words)
    if reward is not None and not is_upheld:
        words = _("Only a tip that is true is rewarded.")
        raise Refused.at("reward", words)
    if reward is not None and not 0 < reward <= LARGEST_REWARD:
        words = _("Enter an amount above zero, up to %(most)s.") % {"most": LARGEST_REWARD}
        raise Refused.at("reward", words)
    move(
        tip,
        to=TipStatus.UPHELD if is_upheld else TipStatus.UNFOUNDED,
        result=result.strip(),
        reward=reward,
        decided_at=now,
        decided_by=by,
    )


@transaction.atomic
def pay(*, tip: Tip, receipt: str, by: Person, now: datetime, version: int | None = None) -> None:
    """Hand the reward over to whoever shows the receipt; nobody is named, and a second person pays.

    The receipt is what proves it: who holds it need not say who they are.
    """
    _check(tip, by, version)
    if tip.reward is None or tip.paid_at is not None:
        raise NotOpen(_("No reward waits here."))
    if tip.decided_by_id == by.pk:
        raise Forbidden(_("Whoever decided on the reward does not pay it."))
    if not secrets.compare_digest(receipt_hash(receipt), tip.receipt_hash):
        words = _("This is not the receipt of this tip.")
        raise Refused.at("receipt", words)
    touch(tip, paid_at=now, paid_by=by)


@transaction.atomic
def publish(*, tip: Tip, title: str, text: str, by: Person, now: datetime) -> TypicalCase:
    """Tell all what is to be learnt, without names; once, and only what was true."""
    _check(tip, by, None)
    held = Tip.objects.select_for_update().get(pk=tip.pk)
    known = TypicalCase.objects.filter(tip=held).first()
    if known is not None:
        return known
    if held.status != TipStatus.UPHELD:
        raise NotOpen(_("Only what is true is told as a case."))
    missing = {"title": title, "text": text}
    words = {"title": _("Give it a title."), "text": _("Say what is to be learnt.")}
    if fields := {name: words[name] for name, said in missing.items() if not said.strip()}:
        raise Refused(next(iter(fields.values())), fields=fields)
    return TypicalCase.objects.create(
        tip=held,
        title=masked(held, title)[:120],
        text=masked(held, text)[:5000],
        published_on=timezone.localdate(now),
        published_by=by,
    )


def masked(tip: Tip, text: str) -> str:
    """Without the names of colleagues, customers and the reporter, without telephone numbers."""
    source = TipSource.objects.filter(tip=tip).select_related("person").first()
    hidden = [source.person.name] if source is not None and source.person is not None else []
    return names_in(text.strip(), about=None, hidden=hidden, keeps_colleagues=False).mask(
        text.strip()
    )


@transaction.atomic
def look(*, tip: Tip, by: Person, now: datetime) -> TipSource | None:
    """Who reported it, for the two roles; each look is written down, also one that finds none."""
    require_everywhere(by, IDENTITY)
    _check_not_theirs(tip, by)
    access_records.write(by=by, what="tip-identity", reference=str(tip.pk), now=now)
    return TipSource.objects.filter(tip=tip).select_related("person").first()


def _check(tip: Tip, by: Person, version: int | None) -> None:
    """Nobody decides about what concerns them, nor about what they reported."""
    require_everywhere(by, HANDLE)
    _check_not_theirs(tip, by)
    if TipSource.objects.filter(tip=tip, person=by).exists():
        raise Forbidden(_("Nobody decides about their own tip."))
    check_version(tip, version)


def _check_not_theirs(tip: Tip, by: Person) -> None:
    if not tips(by).filter(pk=tip.pk).exists():
        raise Forbidden(_("This is not yours to handle."))
