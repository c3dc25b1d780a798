from complaints.models.accountability import Accountability, Party, Supplier
from complaints.models.assessment import (
    LATE_ORDER,
    Assessment,
    AssessmentKind,
    AssessmentRule,
    AssessmentStatus,
)
from complaints.models.batch import Batch
from complaints.models.bulk import BulkAct, BulkKind, BulkResult, Outcome
from complaints.models.category import Category
from complaints.models.challenge import Challenge, ChallengeAbout, ChallengeOutcome
from complaints.models.complaint import (
    ENDED_STATUSES,
    OPEN_IN,
    Channel,
    Complaint,
    Status,
)
from complaints.models.delay_price import DelayPrice
from complaints.models.dissatisfied_item import (
    HIGHEST,
    LOWEST,
    THRESHOLD,
    DissatisfiedItem,
    ItemStatus,
    Origin,
)
from complaints.models.document import DocumentTemplate, PaperKind
from complaints.models.effectiveness import (
    CHECK_DAYS,
    CheckStatus,
    EffectivenessCheck,
    Improvement,
    ImprovementKind,
    ImprovementStatus,
)
from complaints.models.event import CallbackAttempt, Event, Note, Reply
from complaints.models.exception import Pause, Waiver, WaiverCode, WaiverStatus
from complaints.models.import_run import ImportedComplaint, ImportProfile, ImportRun, ImportState
from complaints.models.look import Look
from complaints.models.measure import (
    Lesson,
    LessonFile,
    LessonStatus,
    Measure,
    MeasureFile,
    MeasureGroup,
    MeasureStatus,
)
from complaints.models.notice import Notice, NoticeCopy, NoticeStatus, Opinion, Reading
from complaints.models.numbering import DocumentKind, Numbering
from complaints.models.order_parts import (
    LONGEST_CHAIN,
    Cause,
    CauseCategory,
    CourseEntry,
    EmergencyMeasure,
    Evidence,
    EvidenceKind,
)
from complaints.models.order_section import OrderSection
from complaints.models.order_source import OrderSource
from complaints.models.order_version import OrderVersion
from complaints.models.phrase import Phrase
from complaints.models.policy import (
    AUDIENCES,
    Conditions,
    Effect,
    LadderStep,
    Milestone,
    Policy,
    PolicyRevision,
    Target,
    TimerKind,
)
from complaints.models.promise import BrokenPromise, Promise, PromiseKind, PromiseRevision
from complaints.models.recovery import (
    GRANTED,
    Recovery,
    RecoveryKind,
    RecoveryLimit,
    RecoveryOffer,
    RecoveryStatus,
)
from complaints.models.search import SearchText
from complaints.models.severity import Severity
from complaints.models.taking_part import Attachment, HandOver, Participant
from complaints.models.timer import MILESTONES, UNFINISHED, Timer, TimerState, Verdict, verdict_at
from complaints.models.tracking import TRACK, CustomerMessage, TrackingLink
from complaints.models.view import LONGEST_QUERY, SavedView
from complaints.models.work_order import OrderComplaint, OrderFile, OrderStatus, WorkOrder

__all__ = [
    "AUDIENCES",
    "CHECK_DAYS",
    "ENDED_STATUSES",
    "GRANTED",
    "HIGHEST",
    "LATE_ORDER",
    "LONGEST_CHAIN",
    "LONGEST_QUERY",
    "LOWEST",
    "MILESTONES",
    "OPEN_IN",
    "THRESHOLD",
    "TRACK",
    "UNFINISHED",
    "Accountability",
    "Assessment",
    "AssessmentKind",
    "AssessmentRule",
    "AssessmentStatus",
    "Attachment",
    "Batch",
    "BrokenPromise",
    "BulkAct",
    "BulkKind",
    "BulkResult",
    "CallbackAttempt",
    "Category",
    "Cause",
    "CauseCategory",
    "Challenge",
    "ChallengeAbout",
    "ChallengeOutcome",
    "Channel",
    "CheckStatus",
    "Complaint",
    "Conditions",
    "CourseEntry",
    "CustomerMessage",
    "DelayPrice",
    "DissatisfiedItem",
    "DocumentKind",
    "DocumentTemplate",
    "Effect",
    "EffectivenessCheck",
    "EmergencyMeasure",
    "Event",
    "Evidence",
    "EvidenceKind",
    "HandOver",
    "ImportProfile",
    "ImportRun",
    "ImportState",
    "ImportedComplaint",
    "Improvement",
    "ImprovementKind",
    "ImprovementStatus",
    "ItemStatus",
    "LadderStep",
    "Lesson",
    "LessonFile",
    "LessonStatus",
    "Look",
    "Measure",
    "MeasureFile",
    "MeasureGroup",
    "MeasureStatus",
    "Milestone",
    "Note",
    "Notice",
    "NoticeCopy",
    "NoticeStatus",
    "Numbering",
    "Opinion",
    "OrderComplaint",
    "OrderFile",
    "OrderSection",
    "OrderSource",
    "OrderStatus",
    "OrderVersion",
    "Origin",
    "Outcome",
    "PaperKind",
    "Participant",
    "Party",
    "Pause",
    "Phrase",
    "Policy",
    "PolicyRevision",
    "Promise",
    "PromiseKind",
    "PromiseRevision",
    "Reading",
    "Recovery",
    "RecoveryKind",
    "RecoveryLimit",
    "RecoveryOffer",
    "RecoveryStatus",
    "Reply",
    "SavedView",
    "SearchText",
    "Severity",
    "Status",
    "Supplier",
    "Target",
    "Timer",
    "TimerKind",
    "TimerState",
    "TrackingLink",
    "Verdict",
    "Waiver",
    "WaiverCode",
    "WaiverStatus",
    "WorkOrder",
    "verdict_at",
]
