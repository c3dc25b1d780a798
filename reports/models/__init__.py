from reports.models.period import (
    DISPUTE_HOURS,
    MOST_HOURS,
    ClosingRule,
    Dispute,
    DisputeAbout,
    DisputeFile,
    DisputeStatus,
)
from reports.models.ranking import FrozenRanking

__all__ = [
    "DISPUTE_HOURS",
    "MOST_HOURS",
    "ClosingRule",
    "Dispute",
    "DisputeAbout",
    "DisputeFile",
    "DisputeStatus",
    "FrozenRanking",
]
