"""Questionnaires, surveys, invitations, answers."""

from surveys.models.answer import Answer, Response, Source
from surveys.models.call import Call, CallOutcome
from surveys.models.diagnosis import (
    Breadth,
    Chapter,
    DiagnosedProblem,
    Diagnosis,
    DiagnosisPart,
    DiagnosisStatus,
    Reach,
)
from surveys.models.invitation import OPEN, SILENT, Invitation, InvitationStatus
from surveys.models.questionnaire import (
    CHOOSING,
    KEY,
    LISTING,
    SCALES,
    THRESHOLDS,
    Dimension,
    Driver,
    Edition,
    EditionStatus,
    Element,
    Question,
    QuestionKind,
    Questionnaire,
)
from surveys.models.survey import (
    COUNTER,
    EDITABLE_FOR,
    SHEET,
    Counter,
    Method,
    Survey,
    SurveyStatus,
)
from surveys.models.tag import AnswerTag
from surveys.models.touchpoint import Leg, Moment, Touchpoint

__all__ = [
    "CHOOSING",
    "COUNTER",
    "EDITABLE_FOR",
    "KEY",
    "LISTING",
    "OPEN",
    "SCALES",
    "SHEET",
    "SILENT",
    "THRESHOLDS",
    "Answer",
    "AnswerTag",
    "Breadth",
    "Call",
    "CallOutcome",
    "Chapter",
    "Counter",
    "DiagnosedProblem",
    "Diagnosis",
    "DiagnosisPart",
    "DiagnosisStatus",
    "Dimension",
    "Driver",
    "Edition",
    "EditionStatus",
    "Element",
    "Invitation",
    "InvitationStatus",
    "Leg",
    "Method",
    "Moment",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "Reach",
    "Response",
    "Source",
    "Survey",
    "SurveyStatus",
    "Touchpoint",
]
