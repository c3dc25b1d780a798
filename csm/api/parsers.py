"""Reading a body: what is too deep or no JSON object is refused, never an accident."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant


class ObjectParser(JSONParser):
    """One JSON object in UTF-8, whatever character set the request names.

    What is larger than `DATA_UPLOAD_MAX_MEMORY_SIZE` is refused before it is read.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            body = json.loads(
                stream.read().decode("utf-8"),
                parse_constant=strict_constant,
                parse_float=_finite,
            )
            # Half a character ("\\ud800") can neither be stored nor sent back.
            json.dumps(body, ensure_ascii=False).encode("utf-8")
        except ValueError as error:
            raise ParseError(_("This is not JSON.")) from error
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
        if not isinstance(body, dict):
            raise ParseError(_("Send one JSON object."))
        return body


def _finite(text: str) -> float:
    """No number is infinite: "1e400" would become that in silence."""
    if math.isinf(value := float(text)):
        raise ValueError(text)
    return value
