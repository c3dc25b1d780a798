"""E-mail to a customer: one letter, one mail, in the customer's language."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from organisation.channels.mail import HEADERS, message_id
from organisation.models import Letter
from organisation.texts import letter_text


def connection() -> BaseEmailBackend:
    """Opened with the first letter; one for many."""
    return get_connection()


def send(letter: Letter, path: str, mailer: BaseEmailBackend) -> None:
    """Hand over one letter; `path` is that of its link, or nothing."""
    with translation.override(letter.language):
        text = letter_text(letter, url=f"{settings.BASE_URL}{path}" if path else "")
    bulk = {"Precedence": "bulk"} if letter.is_bulk else {}
    mailer.open()
    EmailMessage(
        subject=" ".join(text.title.split()),
        body=text.body,
        to=[letter.address],
        headers={"Message-ID": message_id(f"letter-{letter.pk}"), **HEADERS, **bulk},
        connection=mailer,
    ).send()
