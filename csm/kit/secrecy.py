"""Addresses that open something without a login: their tokens stay out of every log (B-08)."""

import logging
import re

# The pages whose address has a token: complaint, survey, vote, questions. The language is in none.
TOKEN = re.compile(r"(/(?:track|s|vote|aware|calendar)/)[^/\s?#\"'<>&]+")
PUBLIC = re.compile(r"/(?:report|track|s|vote|aware|calendar)(?:/|$)")


def hide_tokens(text: str) -> str:
    return TOKEN.sub(r"\1…", text)


class Formatter(logging.Formatter):
    """Hides tokens wherever they stand: in the words, in the values, in a trace."""

    def format(self, record: logging.LogRecord) -> str:
        return hide_tokens(super().format(record))
