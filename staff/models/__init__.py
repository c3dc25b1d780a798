"""What staff earn, learn and are checked by."""

from staff.models.contest import (
    MOST_POINTS,
    Contest,
    ContestStatus,
    Criterion,
    end_of,
)
from staff.models.contest_award import (
    AwardKind,
    AwardShare,
    Ceremony,
    InnovationAward,
    Practice,
)
from staff.models.contest_judging import (
    ConflictOfInterest,
    JudgedPoint,
    Judgement,
)
from staff.models.contest_plan import (
    PHASES,
    Plan,
    PlanKind,
    PlanReport,
    PlanReturn,
    PlanStatus,
    PlanText,
    ReportFile,
    TeamMember,
)
from staff.models.fund import FundEntry, FundQuarter, FundSource
from staff.models.points import (
    CapPeriod,
    PointAccount,
    PointEntry,
    PointRule,
    PointRuleRevision,
    SourceKind,
    Trigger,
)
from staff.models.reward import Redemption, RedemptionStatus, Reward
from staff.models.thanks import Thanks

__all__ = [
    "MOST_POINTS",
    "PHASES",
    "AwardKind",
    "AwardShare",
    "CapPeriod",
    "Ceremony",
    "ConflictOfInterest",
    "Contest",
    "ContestStatus",
    "Criterion",
    "FundEntry",
    "FundQuarter",
    "FundSource",
    "InnovationAward",
    "JudgedPoint",
    "Judgement",
    "Plan",
    "PlanKind",
    "PlanReport",
    "PlanReturn",
    "PlanStatus",
    "PlanText",
    "PointAccount",
    "PointEntry",
    "PointRule",
    "PointRuleRevision",
    "Practice",
    "Redemption",
    "RedemptionStatus",
    "ReportFile",
    "Reward",
    "SourceKind",
    "TeamMember",
    "Thanks",
    "Trigger",
    "end_of",
]
