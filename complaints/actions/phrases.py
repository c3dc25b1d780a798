"""Keeping canned replies: one's own, and those shared with a branch and all below it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.models import Category, Phrase
from complaints.phrases import FIELDS, unknown_fields
from csm.kit.errors import Refused
from organisation.access import require, visible
from organisation.models import Branch, Person

KEEP, SHARE = "phrase.edit", "phrase.share"


def create(
    *,
    name: str,
    text: str,
    by: Person,
    branch: Branch | None = None,
    category: Category | None = None,
) -> Phrase:
    """A canned reply of one's own; shared only where one may share."""
    require(by, KEEP)
    _check(text, branch, by)
    try:
        with transaction.atomic():
            return Phrase.objects.create(
                owner=by, name=name, text=text, branch=branch, category=category
            )
    except IntegrityError as error:
        raise _taken() from error


def change(
    *,
    phrase: Phrase,
    name: str,
    text: str,
    branch: Branch | None,
    category: Category | None,
    by: Person,
) -> None:
    """One's own, or one that is shared where one may share.

    What others say in its words is changed by nobody who may not share any more.
    """
    _require_over(by, phrase)
    _check(text, branch, by)
    try:
        with transaction.atomic():
            Phrase.objects.filter(pk=phrase.pk).update(
                name=name, text=text, branch=branch, category=category
            )
    except IntegrityError as error:
        raise _taken() from error


def delete(*, phrase: Phrase, by: Person) -> None:
    _require_over(by, phrase)
    phrase.delete()


def _require_over(by: Person, phrase: Phrase) -> None:
    require(by, KEEP)
    if not visible(Phrase, by).filter(pk=phrase.pk).exists():
        require(by, SHARE, phrase)


def _check(text: str, shared_with: Branch | None, by: Person) -> None:
    if shared_with is not None:
        require(by, SHARE, shared_with)
    if unknown := unknown_fields(text):
        words = _("There is no field {%(name)s}. There are: %(fields)s.") % {
            "name": unknown[0],
            "fields": " ".join(f"{{{name}}}" for name in FIELDS),
        }
        raise Refused(words, fields={"text": words})


def _taken() -> Refused:
    words = _("You have a canned reply of this name already.")
    return Refused(words, fields={"name": words})
