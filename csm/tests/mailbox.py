"""A mail server for tests: it keeps what it gets, or refuses it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from csm.embedded.servers import free_port


class Mailbox:
    """`messages` as they came in; set `reply` to an error such as "451 later" to refuse.

    Whose address is `unknown` has no mailbox here.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.reply = "250 OK"
        self.unknown: set[str] = set()
        self.port = int(free_port())
        self.controller = Controller(self, hostname=self.host, port=self.port)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Know the address, or refuse it for good."""
        if address in self.unknown:
            return f"550 {address} unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message in."""
        if self.reply.startswith("2") and envelope.original_content:
            message = message_from_bytes(envelope.original_content, policy=default)
            self.messages.append(message)
        return self.reply

    def __enter__(self) -> Self:
        """Listen."""
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.controller.stop()
