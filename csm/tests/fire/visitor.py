"""Somebody at a browser, who asks the real web process and looks at the watch."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from csm.tests.fire.site import Site
from organisation.models import Person

PATIENCE = 30  # seconds
CSRF = "a" * 32


@dataclass(frozen=True)
class Answer:
    """`status` 0: there was none. `began` is monotonic, `seconds` is how long it took."""

    path: str
    status: int
    text: str
    began: float
    seconds: float


class Visitor:
    """A signed-in person."""

    def __init__(self, site: Site, person: Person) -> None:
        self.port = int(site.port)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        cookies = {
            settings.SESSION_COOKIE_NAME: session.session_key,
            settings.CSRF_COOKIE_NAME: CSRF,
            settings.LANGUAGE_COOKIE_NAME: "en",
        }
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, typed: dict[str, str]) -> Answer:
        body = urlencode({**typed, "csrfmiddlewaretoken": CSRF})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, path: str, typed: dict[str, Any]) -> Answer:
        """A form with files."""
        body = encode_multipart(BOUNDARY, {**typed, "csrfmiddlewaretoken": CSRF})
        return self._ask("POST", path, body, {"Content-Type": MULTIPART_CONTENT})

    def _ask(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException) as problem:
            status, text = 0, repr(problem)
        finally:
            connection.close()
        return Answer(path, status, text, began, time.monotonic() - began)
