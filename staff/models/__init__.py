"""What staff earn, learn and are checked by."""

from staff.models.awareness import (
    FEWEST_PER_BRANCH,
    RIGHT_ENOUGH,
    AskedPerson,
    MorningMeeting,
    SpotCheck,
)
from staff.models.micro_reports import (
    QUESTIONS,
    Layer,
    MicroReport,
    Realm,
    ReportQuestion,
    ReportStatus,
    StepKind,
    Tone,
    TurnStep,
)
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
from staff.models.turns import Swap, Turn

__all__ = [
    "FEWEST_PER_BRANCH",
    "QUESTIONS",
    "RIGHT_ENOUGH",
    "AskedPerson",
    "CapPeriod",
    "Layer",
    "MicroReport",
    "MorningMeeting",
    "PointAccount",
    "PointEntry",
    "PointRule",
    "PointRuleRevision",
    "Realm",
    "ReportQuestion",
    "ReportStatus",
    "SourceKind",
    "SpotCheck",
    "StepKind",
    "Swap",
    "Thanks",
    "Tone",
    "Trigger",
    "Turn",
    "TurnStep",
]
