"""A caller of the API for tests: signed in by a real token, its body always JSON."""

from typing import Any

from rest_framework.test import APIClient

from csm.kit import clock
from organisation.actions import tokens
from organisation.models import Person

ROOT = "/api/v1/"


class Caller(APIClient):
    """`caller.post("complaints/", {...})`: addresses are below /api/v1/."""

    def __init__(self, person: Person | None = None, *, language: str = "en") -> None:
        super().__init__(HTTP_ACCEPT_LANGUAGE=language)
        if person is not None:
            _row, token = tokens.issue_token(person=person, now=clock.now())
            self.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    def generic(self, method: str, path: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        whole = path if path.startswith(("/", "http")) else ROOT + path
        return super().generic(method, whole, *args, **kwargs)


def refused(response: Any, number: int, code: str) -> dict[str, Any]:
    """The body of a refusal, checked to have the one shape of all."""
    assert response.status_code == number, response.content
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) - {"allowed"} == {"code", "message", "fields"}
    assert body["code"] == code, body
    assert body["message"]
    assert all(isinstance(words, str) and words for words in body["fields"].values())
    return body
