"""Documents made for a person; each is written down as a look (B-25).

The doors find the records among those that the person sees.
"""

import re
from datetime import datetime
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _

from complaints.actions import document_templates
from complaints.documents.kinds import DOCUMENTS
from complaints.models import Complaint, Notice, PaperKind, WorkOrder
from csm.kit import docx
from csm.kit.docx import Plain
from csm.kit.errors import Refused
from organisation.actions import access_records
from organisation.models import Person

Record = WorkOrder | Notice | Complaint
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def shown(*, kind: PaperKind, record: Record, by: Person, now: datetime) -> dict[str, Plain]:
    """The values of a document that is about to be printed from its page."""
    access_records.write(by=by, what="print", reference=f"{kind} {record.pk}", now=now)
    return DOCUMENTS[kind].values(record, by=by, now=now)


def document(
    *, kind: PaperKind, record: Record, by: Person, now: datetime
) -> tuple[IO[bytes], str]:
    """The Word file, and what it is called."""
    access_records.write(by=by, what="document", reference=f"{kind} {record.pk}", now=now)
    values = DOCUMENTS[kind].values(record, by=by, now=now)
    content = filled(kind, document_templates.content_of(kind), values)
    return BytesIO(content), file_name(values)


def example(kind: str, content: bytes) -> bytes:
    """A template filled with what never happened."""
    return docx.fill(content, DOCUMENTS[kind].example)


def filled(kind: str, template: bytes, values: dict[str, Plain]) -> bytes:
    """The content of one document."""
    try:
        return docx.fill(template, values)
    except docx.DAMAGES as error:
        words = _("The template of “%(kind)s” cannot be filled. Upload it again, or use ours.")
        raise Refused(words % {"kind": PaperKind(kind).label}) from error


def file_name(values: dict[str, Plain]) -> str:
    """Title and number, without what a file system would not have."""
    words = " ".join(filter(None, (str(values["title"]), str(values["number"]))))
    return UNSAFE.sub(" ", words).strip()[:100] + ".docx"
