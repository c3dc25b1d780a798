"""What every view of the API stands on."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from organisation.actions import idempotency
from organisation.actions.idempotency import Answer
from organisation.api.idempotency import hash_of, key_of
from organisation.api.moment import moment
from organisation.models import Person


class Door(APIView):
    """One call: who asks (`me`), when (`now`), and, for a POST, whether it is a repeat (`once`)."""

    keeps_answers = True

    @property
    def me(self) -> Person:
        return cast(Person, self.request.user)

    @property
    def now(self) -> datetime:
        return moment(self.request)

    def body(self, kind: type[Any]) -> dict[str, Any]:
        """What the caller sent, as `kind` reads it, which knows who asks and when."""
        body = kind(data=self.request.data, context={"me": self.me, "now": self.now})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def once(self, act: Callable[[], Response]) -> Response:
        """The act's answer; with an `Idempotency-Key` the one that the same call got before."""
        key = key_of(self.request)
        if not key:
            return act()
        answer = idempotency.once(
            person=self.me,
            key=key,
            body_hash=hash_of(self.request),
            act=lambda: _kept(act()),
            now=self.now,
        )
        headers = {"Idempotency-Replayed": "true"} if answer.is_repeated else None
        return Response(answer.body, status=answer.status, headers=headers)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        # Personal data: nothing between us and the caller keeps a copy.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return super().finalize_response(request, response, *args, **kwargs)


def _kept(response: Response) -> Answer:
    """The answer as plain JSON, just as it is sent."""
    return Answer(response.status_code, json.loads(JSONRenderer().render(response.data)))
