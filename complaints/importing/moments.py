"""Local times of a source as moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moments:
    """Reads times in one zone: first by the formats of the profile, then as ISO 8601.

    A date without a time of day is the local midnight that begins it. An hour that comes twice when
    summer time ends is taken as the first of the two; one that is left out when it begins is read
    by the clock of before. A time with an offset of its own keeps it.
    """

    zone: ZoneInfo
    formats: Sequence[str]

    def read(self, text: str) -> datetime:
        """The moment in UTC. Raises `ValueError` for what is no time."""
        local = self._local(text)
        try:
            return local.astimezone(UTC)
        except OverflowError as error:
            raise ValueError(f"outside the calendar: {text!r}") from error

    def _local(self, text: str) -> datetime:
        for form in self.formats:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007  the zone follows
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=self.zone)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=self.zone)
