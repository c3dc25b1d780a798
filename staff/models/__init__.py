"""What staff earn, learn and are checked by."""

from staff.models.points import (
    CapPeriod,
    PointAccount,
    PointEntry,
    PointRule,
    PointRuleRevision,
    SourceKind,
    Trigger,
)
from staff.models.thanks import Thanks

__all__ = [
    "CapPeriod",
    "PointAccount",
    "PointEntry",
    "PointRule",
    "PointRuleRevision",
    "SourceKind",
    "Thanks",
    "Trigger",
]
