"""Tagging what customers wrote."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.access import require
from organisation.models import Person
from surveys.models import Answer, AnswerTag

EDIT = "survey.edit"
LONGEST = 30


@transaction.atomic
def tag(*, answer: Answer, name: str, by: Person, now: datetime) -> None:
    """Put a word on a comment; the same word twice is once."""
    require(by, EDIT, answer.response)
    word = " ".join(name.split())
    if not word:
        words = _("Write a tag.")
        raise Refused.at("name", words)
    if len(word) > LONGEST:
        words = _("A tag has at most %(n)s characters.") % {"n": LONGEST}
        raise Refused.at("name", words)
    AnswerTag.objects.bulk_create(
        [AnswerTag(answer=answer, name=word, created_at=now, created_by=by)], ignore_conflicts=True
    )


@transaction.atomic
def untag(*, answer: Answer, name: str, by: Person, now: datetime) -> None:
    """Take the word off again; where it is gone already, nothing changes."""
    require(by, EDIT, answer.response)
    AnswerTag.objects.filter(answer=answer, name=name).delete()
