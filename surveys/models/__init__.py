"""Questionnaires, surveys, invitations, answers."""

from surveys.models.answer import Answer, Response, Source
from surveys.models.call import Call, CallOutcome
from surveys.models.invitation import OPEN, Invitation, InvitationStatus
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

__all__ = [
    "CHOOSING",
    "COUNTER",
    "EDITABLE_FOR",
    "KEY",
    "LISTING",
    "OPEN",
    "SCALES",
    "SHEET",
    "THRESHOLDS",
    "Answer",
    "AnswerTag",
    "Call",
    "CallOutcome",
    "Counter",
    "Dimension",
    "Driver",
    "Edition",
    "EditionStatus",
    "Element",
    "Invitation",
    "InvitationStatus",
    "Method",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "Response",
    "Source",
    "Survey",
    "SurveyStatus",
]
