from complaints.serializers.acts import (
    ApologySerializer,
    AssignSerializer,
    AttachSerializer,
    CallbackSerializer,
    LogSerializer,
    MergeSerializer,
    NoteTextSerializer,
    PauseSerializer,
    ReceiptSerializer,
    ResultSerializer,
    TransferSerializer,
    TriageSerializer,
    WaiverSerializer,
)
from complaints.serializers.clock import ClockSerializer
from complaints.serializers.complaint import (
    CategorySerializer,
    ComplaintRowSerializer,
    ComplaintSerializer,
)
from complaints.serializers.fields import ReasonSerializer, VersionedSerializer
from complaints.serializers.item import (
    ItemFieldsSerializer,
    ItemSerializer,
    OpenOrderSerializer,
    OrderComplaintNumberSerializer,
    RecordItemSerializer,
)
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
    "ClockSerializer",
    "ComplaintRowSerializer",
    "ComplaintSerializer",
    "ConfirmSerializer",
    "ItemFieldsSerializer",
    "ItemSerializer",
    "LogSerializer",
    "MergeSerializer",
    "NoteTextSerializer",
    "OpenOrderSerializer",
    "OrderComplaintNumberSerializer",
    "PauseSerializer",
    "ReasonSerializer",
    "ReceiptSerializer",
    "RecordItemSerializer",
    "ResultSerializer",
    "SectionsSerializer",
    "TransferSerializer",
    "TriageSerializer",
    "VersionedSerializer",
    "WaiverSerializer",
    "WorkOrderRowSerializer",
    "WorkOrderSerializer",
]
