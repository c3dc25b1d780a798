"""The notice (通报) on paper (C-11, C-15)."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.documents import words
from complaints.models import Complaint, Notice, WorkOrder
from complaints.notice_units import is_insider
from csm.kit.docx import Plain
from organisation.access import visible
from organisation.models import Person

FIELDS: Mapping[str, Promise] = {
    **words.HEAD,
    "subject": gettext_lazy("what the notice is about"),
    "text": gettext_lazy("the text of the notice"),
    "issuing_unit": gettext_lazy("the issuing unit"),
    "published_at": gettext_lazy("when it was published"),
    "published_by": gettext_lazy("who published it"),
    "branches": gettext_lazy("the branches it names, one by one"),
    "branches.name": gettext_lazy("the branch"),
    "complaint": gettext_lazy("the number of the complaint"),
    "order": gettext_lazy("the number of the work order"),
    "corrects": gettext_lazy("the number of the notice that this one corrects"),
    "withdrawn": gettext_lazy("why it was withdrawn; empty if it was not"),
}
EXAMPLE: Mapping[str, Plain] = {
    **words.HEAD_EXAMPLE,
    "title": "投诉处理通报",
    "number": "通字【2026】031号",
    "status": "已发布",
    "address": "https://csm.example.com/notices/31/",
    "subject": "徐州平台未按时提交整改工作单",
    "text": "徐州平台收到投诉后 48 小时内未提交整改工作单，现予通报。",
    "issuing_unit": "总部品质",
    "published_at": "2026-11-20 09:00",
    "published_by": "林静怡",
    "branches": [{"name": "徐州平台"}],
    "complaint": "TS20261116-0033",
    "order": "问字【2026】217号",
    "corrects": "通字【2026】030号",
    "withdrawn": "",
}


def values(notice: Notice, *, by: Person, now: datetime) -> dict[str, Plain]:
    """What `FIELDS` names, as far as the person may know it: a named branch sees a unit speak."""
    return {
        **words.head(
            title=_("Notice on the handling of complaints"),
            number=notice.number or "",
            status=notice.get_status_display(),
            path=reverse("notice", args=[notice.pk]),
            by=by,
            now=now,
        ),
        "subject": notice.title,
        "text": notice.text,
        "issuing_unit": words.name(notice.issuing_branch),
        "published_at": words.moment(notice.published_at),
        "published_by": words.name(notice.published_by) if is_insider(notice, by) else "",
        "branches": [{"name": branch.label} for branch in notice.addressees.all()],
        "complaint": _number(visible(Complaint, by).filter(notices=notice).first()),
        "order": _number(visible(WorkOrder, by).filter(notices=notice).first()),
        "corrects": _number(notice.corrects),
        "withdrawn": notice.withdrawal_reason,
    }


def _number(row: Complaint | WorkOrder | Notice | None) -> str:
    return (row.number or "") if row else ""
