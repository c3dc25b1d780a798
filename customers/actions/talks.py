"""What to say to a customer: built-in words, or those that the company wrote (K-25, K-26)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers import label_words
from customers.models import Customer, Grade, Stage, TalkText, Tier
from organisation.access import require_everywhere
from organisation.models import Person

EDIT = "customer.rules"


def for_customer(customer: Customer) -> str:
    """The closest text: of stage and standing, of the stage, of the standing; else the strategy."""
    standing = customer.grade or customer.tier
    rows = TalkText.objects.filter(
        Q(stage=customer.stage) | Q(stage=""), Q(standing=standing) | Q(standing="")
    )
    found = max(rows, key=lambda row: (bool(row.stage), bool(row.standing)), default=None)
    if found is not None:
        return found.said
    return label_words.strategy(customer.stage) or _(
        "Listen first; say what happens next, and by when."
    )


@transaction.atomic
def write(
    *, stage: str, standing: str, words: str, words_en: str, by: Person, now: datetime
) -> TalkText:
    """In place of what was said of the two; both empty: of everybody."""
    require_everywhere(by, EDIT)
    wrong = {}
    if stage and stage not in Stage.values:
        wrong["stage"] = _("Choose a value.")
    if standing and standing not in (*Tier.values, *Grade.values):
        wrong["standing"] = _("Choose a value.")
    if not words.strip():
        wrong["words"] = _("Write what to say.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    row, _is_new = TalkText.objects.update_or_create(
        stage=stage,
        standing=standing,
        defaults={"words": words.strip(), "words_en": words_en.strip(), "by": by, "at": now},
    )
    return row


@transaction.atomic
def remove(*, text: TalkText, by: Person, now: datetime) -> None:
    """The built-in words, or wider ones, speak again."""
    require_everywhere(by, EDIT)
    TalkText.objects.filter(pk=text.pk).delete()
