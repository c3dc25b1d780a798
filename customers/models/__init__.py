from customers.models.account_file import AccountFile, Secrecy
from customers.models.care import (
    AddedService,
    CareAct,
    CareDate,
    CareRule,
    CareStatus,
    CareWish,
    Channel,
    DateKind,
    Festival,
    Lever,
    Occasion,
)
from customers.models.churn import (
    CaseStatus,
    ChurnChange,
    ChurnRisk,
    Level,
    Outcome,
    Reason,
    RetentionCase,
    RetentionStep,
    Sign,
)
from customers.models.competitor import CompetitorNote
from customers.models.customer import (
    Contact,
    ContactPoint,
    Customer,
    Grade,
    Kind,
    Language,
    Quadrant,
    SearchName,
    Stage,
    Tier,
)
from customers.models.erasure import Erasure, ErasureReason
from customers.models.handover import Handover
from customers.models.history import CustomerFacts, TimelineEntry
from customers.models.keeping import KeepingPeriod
from customers.models.ladder import RUNGS, Amount, Ladder, Relation, Rung, Serving
from customers.models.notice import Cause, CustomerNotice, NoticeRecipient, NoticeStatus
from customers.models.quality import Correction, ToldApart
from customers.models.segment import Segment, SegmentMember
from customers.models.table_import import TableImport, TableState
from customers.models.talk import TalkText
from customers.models.value import CustomerValue, Label, LabelKind, ValueRule
from customers.models.visit import (
    FindingKind,
    Purpose,
    Visit,
    VisitFeed,
    VisitFinding,
    VisitKind,
    VisitStatus,
    VisitTask,
)
from customers.models.visit_cadence import VisitCadence
from customers.models.volume import CustomerVolume

__all__ = [
    "RUNGS",
    "AccountFile",
    "AddedService",
    "Amount",
    "CareAct",
    "CareDate",
    "CareRule",
    "CareStatus",
    "CareWish",
    "CaseStatus",
    "Cause",
    "Channel",
    "ChurnChange",
    "ChurnRisk",
    "CompetitorNote",
    "Contact",
    "ContactPoint",
    "Correction",
    "Customer",
    "CustomerFacts",
    "CustomerNotice",
    "CustomerValue",
    "CustomerVolume",
    "DateKind",
    "Erasure",
    "ErasureReason",
    "Festival",
    "FindingKind",
    "Grade",
    "Handover",
    "KeepingPeriod",
    "Kind",
    "Label",
    "LabelKind",
    "Ladder",
    "Language",
    "Level",
    "Lever",
    "NoticeRecipient",
    "NoticeStatus",
    "Occasion",
    "Outcome",
    "Purpose",
    "Quadrant",
    "Reason",
    "Relation",
    "RetentionCase",
    "RetentionStep",
    "Rung",
    "SearchName",
    "Secrecy",
    "Segment",
    "SegmentMember",
    "Serving",
    "Sign",
    "Stage",
    "TableImport",
    "TableState",
    "TalkText",
    "Tier",
    "TimelineEntry",
    "ToldApart",
    "ValueRule",
    "Visit",
    "VisitCadence",
    "VisitFeed",
    "VisitFinding",
    "VisitKind",
    "VisitStatus",
    "VisitTask",
]
