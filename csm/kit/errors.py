"""What an action says when it will not do as asked: fit for the person, what to do next."""

from collections.abc import Iterable, Mapping


class Refused(Exception):
    """The act is refused and nothing was changed.

    `fields` names the inputs at fault, each with its own sentence.
    """

    code = "refused"

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    @staticmethod
    def at(field: str, words: str) -> "Refused":
        """Refused for one input: its sentence is the whole message."""
        return Refused(words, fields={field: words})


class Forbidden(Refused):
    """The record may be seen, but this act on it is not the person's."""

    code = "forbidden"


class Stale(Refused):
    """Somebody else changed the record first."""

    code = "stale"


class NotOpen(Refused):
    """The act is not open in the record's present state; `allowed` names those that are."""

    code = "not_open"

    def __init__(self, message: str = "", *, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.allowed = list(allowed)
