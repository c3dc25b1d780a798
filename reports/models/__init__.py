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
from reports.models.rules import RankingRule
from reports.models.subscriptions import ReportKind, ReportSubscription, SentReport
from reports.models.summaries import BranchDay, ClockDay, IntakeDay, ShipmentDay
from reports.models.table import KeptTable

__all__ = [
    "DISPUTE_HOURS",
    "MOST_HOURS",
    "BranchDay",
    "ClockDay",
    "ClosingRule",
    "Dispute",
    "DisputeAbout",
    "DisputeFile",
    "DisputeStatus",
    "FrozenRanking",
    "IntakeDay",
    "KeptTable",
    "RankingRule",
    "ReportKind",
    "ReportSubscription",
    "SentReport",
    "ShipmentDay",
]
