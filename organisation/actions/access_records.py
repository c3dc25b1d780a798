"""Writing down who looked at personal data, and why (B-25)."""

from datetime import datetime

from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.models import AccessRecord, LookReason, Person


def write(
    *,
    by: Person,
    what: str,
    reference: str,
    now: datetime,
    reason: str = LookReason.HANDLING,
    words: str = "",
) -> None:
    """`what` is a code as "phone" or "file", `reference` the record that was looked at.

    Raises `Refused` for another reason than those listed that is not said in words.
    """
    words = words.strip()
    if reason == LookReason.OTHER and not words:
        raise Refused(_("Say in words why."), fields={"words": _("Say in words why.")})
    AccessRecord.objects.create(
        person=by, at=now, what=what, reference=reference[:60], reason=reason, words=words[:200]
    )
