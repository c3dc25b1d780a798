"""Templates of documents: the company's own instead of ours, checked before it is used."""

from datetime import datetime
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.documents import defaults
from complaints.documents.kinds import DOCUMENTS
from complaints.models import DocumentTemplate
from csm.kit import docx
from csm.kit.docx.package import MOST_BYTES
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.actions import files
from organisation.models import Person, StoredFile

VERB = "template.edit"


@transaction.atomic
def replace(
    *, kind: str, upload: "UploadedFile[Any]", by: Person, now: datetime
) -> DocumentTemplate:
    """From now on documents of this kind are made of this file; the one before is kept."""
    require_everywhere(by, VERB)
    checked(kind=kind, upload=upload, by=by)
    kept: list[StoredFile] = []
    try:
        with files.all_or_none(kept):
            _retire(kind, by, now)
            kept += files.store([upload], by=by, now=now)
            return DocumentTemplate.objects.create(
                kind=kind, file=kept[0], uploaded_by=by, uploaded_at=now
            )
    except IntegrityError as error:
        raise _refused(_("Somebody else has just uploaded another one. Look at it first.")) from (
            error
        )
    except Refused as refusal:
        raise _refused(" ".join(refusal.fields.values()) or refusal.message) from refusal


@transaction.atomic
def reset(*, kind: str, by: Person, now: datetime) -> None:
    """Use ours again; the company's own is kept."""
    require_everywhere(by, VERB)
    _retire(kind, by, now)


def checked(*, kind: str, upload: "UploadedFile[Any]", by: Person) -> bytes:
    """The content of an upload that can be filled; else refused, with the line that is wrong."""
    require_everywhere(by, VERB)
    if (upload.size or 0) > MOST_BYTES:
        text = _("The file is larger than %(limit)d MB.") % {"limit": MOST_BYTES // 2**20}
        raise _refused(text)
    upload.seek(0)
    content: bytes = upload.read()
    upload.seek(0)
    try:
        docx.check(content, DOCUMENTS[kind].example)
    except Refused as refusal:
        raise _refused(refusal.message) from refusal
    return content


def content_of(kind: str) -> bytes:
    """The template that is used now."""
    found = active(kind)
    if found is None:
        return defaults.template(kind)
    with found.file.content.open("rb") as file:
        return cast(bytes, file.read())


def active(kind: str) -> DocumentTemplate | None:
    """The company's own."""
    rows = DocumentTemplate.objects.filter(kind=kind, replaced_at=None)
    return rows.select_related("file", "uploaded_by").first()


def _retire(kind: str, by: Person, now: datetime) -> None:
    rows = DocumentTemplate.objects.filter(kind=kind, replaced_at=None)
    rows.update(replaced_at=now, replaced_by=by)


def _refused(words: str) -> Refused:
    return Refused(words, fields={"file": words})
