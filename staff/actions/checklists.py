"""Checklists: drafting an edition, publishing it, beginning the next one (P-04)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import can
from organisation.models import Branch, Person
from staff.models import Checklist, ChecklistEdition, ChecklistItem

RUN, ANSWER = "audit.run", "audit.answer"
MOST_ITEMS, LONGEST = 60, 300
# Between an item and its English.
BAR = "|"


def may_keep(person: Person, branch: Branch) -> bool:
    """Those who run audits there, and a branch for itself."""
    return can(person, RUN, branch) or can(person, ANSWER, branch)


def _require(by: Person | None, branch: Branch) -> None:
    if by is not None and not may_keep(by, branch):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))


@transaction.atomic
def create(
    *,
    name: str,
    post: str,
    branch: Branch,
    items: str,
    by: Person | None,
    now: datetime,
    name_en: str = "",
) -> ChecklistEdition:
    """A new checklist with its first edition as a draft; `items`: one line each."""
    _require(by, branch)
    missing = {"name": name, "post": post}
    words = {"name": _("Give it a name."), "post": _("Say for which post it is.")}
    fields = {field: words[field] for field, text in missing.items() if not text.strip()}
    if not fields and Checklist.objects.filter(branch=branch, name=name.strip()).exists():
        fields = {"name": _("Another checklist has this name.")}
    if fields:
        raise Refused(next(iter(fields.values())), fields=fields)
    lines = _read(items)
    kept = Checklist.objects.create(
        name=name.strip(),
        name_en=name_en.strip(),
        post=post.strip(),
        branch=branch,
        created_at=now,
        created_by=by,
    )
    draft = ChecklistEdition.objects.create(checklist=kept, number=1, created_at=now, created_by=by)
    _write(draft, lines)
    return draft


@transaction.atomic
def save(
    *,
    edition: ChecklistEdition,
    items: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep the draft: an item a line, its English behind a bar."""
    _check_draft(edition, by, version)
    lines = _read(items)
    touch(edition)
    edition.items.all().delete()
    _write(edition, lines)


@transaction.atomic
def publish(
    *,
    edition: ChecklistEdition,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """From now on it may be audited by, and stays as it is."""
    _check_draft(edition, by, version)
    move(
        edition,
        to=ChecklistEdition.Status.PUBLISHED,
        published_at=now,
        published_by=by,
    )


@transaction.atomic
def begin_next(*, checklist: Checklist, by: Person | None, now: datetime) -> ChecklistEdition:
    """A draft with the items of the latest edition; the present draft, if there is one."""
    _require(by, checklist.branch)
    Checklist.objects.select_for_update().get(pk=checklist.pk)
    draft = checklist.editions.filter(status=ChecklistEdition.Status.DRAFT).first()
    if draft is not None:
        return draft
    last = checklist.editions.latest("number")
    draft = ChecklistEdition.objects.create(
        checklist=checklist, number=last.number + 1, created_at=now, created_by=by
    )
    _write(draft, [(item.text, item.text_en) for item in last.items.all()])
    return draft


def as_lines(edition: ChecklistEdition) -> str:
    """The items as they are typed."""
    return "\n".join(
        f"{item.text} {BAR} {item.text_en}" if item.text_en else item.text
        for item in edition.items.all()
    )


def _read(items: str) -> list[tuple[str, str]]:
    lines = [line.partition(BAR) for line in items.splitlines() if line.strip(f" {BAR}")]
    found = [(text.strip(), english.strip()) for text, _bar, english in lines]
    problem = ""
    if not found:
        problem = _("A checklist without items checks nothing. Enter one a line.")
    elif len(found) > MOST_ITEMS:
        problem = _("At most %(n)d items.") % {"n": MOST_ITEMS}
    elif not all(text for text, _english in found):
        problem = _("An item has no text before its bar.")
    elif max(len(part) for pair in found for part in pair) > LONGEST:
        problem = _("An item is longer than %(n)d characters.") % {"n": LONGEST}
    if problem:
        raise Refused.at("items", problem)
    return found


def _write(edition: ChecklistEdition, lines: Sequence[tuple[str, str]]) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(edition=edition, position=place, text=text, text_en=english)
        for place, (text, english) in enumerate(lines, start=1)
    )


def _check_draft(edition: ChecklistEdition, by: Person | None, version: int | None) -> None:
    _require(by, edition.checklist.branch)
    if not edition.is_open:
        raise NotOpen(_("This edition is published and stays as it is. Begin the next one."))
    check_version(edition, version)
