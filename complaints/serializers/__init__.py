from complaints.serializers.acts import (
    ApologySerializer,
    AssignSerializer,
    AttachSerializer,
    CallbackSerializer,
    LogSerializer,
    NoteTextSerializer,
    ResultSerializer,
    TransferSerializer,
    TriageSerializer,
)
from complaints.serializers.complaint import (
    CategorySerializer,
    ComplaintRowSerializer,
    ComplaintSerializer,
)
from complaints.serializers.fields import ReasonSerializer, VersionedSerializer
from complaints.serializers.work_order import (
    ConfirmSerializer,
    SectionsSerializer,
    WorkOrderRowSerializer,
    WorkOrderSerializer,
)

__all__ = [
    "ApologySerializer",
    "AssignSerializer",
    "AttachSerializer",
    "CallbackSerializer",
    "CategorySerializer",
    "ComplaintRowSerializer",
    "ComplaintSerializer",
    "ConfirmSerializer",
    "LogSerializer",
    "NoteTextSerializer",
    "ReasonSerializer",
    "ResultSerializer",
    "SectionsSerializer",
    "TransferSerializer",
    "TriageSerializer",
    "VersionedSerializer",
    "WorkOrderRowSerializer",
    "WorkOrderSerializer",
]
