"""The checksum of a frozen ranking: SHA-256 of its canonical JSON, anybody can work it out again.

Keys in order, no spaces, UTF-8, moments as UTC in ISO 8601.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

from reports.models import FrozenRanking

SUMMED = ("period", "level", "revision", "reason", "formula", "rule", "weights", "rows", "company")


def checksum(row: FrozenRanking) -> str:
    """Over all that the ranking says, when it was frozen and on which facts; not by whom."""
    content = {name: getattr(row, name) for name in (*SUMMED, "before")} | {
        name: _moment(getattr(row, name)) for name in ("frozen_at", "cut_off_at")
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def is_intact(row: FrozenRanking) -> bool | None:
    """Whether it still says what it said; None where no checksum was kept then."""
    return checksum(row) == row.checksum if row.checksum else None


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
