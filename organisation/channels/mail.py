"""E-mail: one mail per envelope, in the recipient's language."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from organisation.digests import fold
from organisation.models import Message

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
# A mail server that is away, slow or unwilling; anything else is a bug and is not caught.
FAILURES = (smtplib.SMTPException, OSError)


def send(rows: Sequence[Message]) -> None:
    """Hand over the messages of one envelope."""
    recipient, envelope = rows[0].recipient, rows[0].envelope
    with translation.override(recipient.language or settings.LANGUAGE_CODE):
        digest = fold(rows)
        worst = digest.worst.title
        subject = worst if len(rows) == 1 else _digest_subject(worst, len(rows))
        body = render_to_string(
            "messages/mail.txt",
            {
                "digest": digest,
                "count": len(rows),
                "recipient": recipient,
                "base_url": settings.BASE_URL,
            },
        )
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[recipient.email],
        headers={"Message-ID": message_id(envelope), **HEADERS},
    ).send()


def message_id(key: object) -> str:
    """The same for the same mail, however often it is sent."""
    return f"<{key}@{settings.BASE_URL.split('//')[-1].split(':')[0]}>"


def _digest_subject(worst: str, count: int) -> str:
    others = count - 1
    return ngettext("%(worst)s (and %(count)s more)", "%(worst)s (and %(count)s more)", others) % {
        "worst": worst,
        "count": others,
    }
