"""Keeping uploads: type by content, random names, nothing a browser would run."""

import errno
import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.actions import sweeps
from organisation.models import Person, StoredFile

# What the content may be, and the endings that go with it. SVG and HTML can carry script: refused.
ALLOWED = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "audio/mpeg": (".mp3",),
    "video/mp4": (".mp4",),
    "text/plain": (".txt", ".csv"),
}
NAME_LENGTH = 120
BATCH = 100


def store(
    uploads: Iterable["UploadedFile[Any]"],
    *,
    by: Person | None,
    now: datetime,
    only_pictures: bool = False,
    expires_at: datetime | None = None,
) -> list[StoredFile]:
    """Keep all uploads, or refuse them with a sentence that says what is possible.

    Every one is looked at before the first is written: a refusal leaves nothing on the disk.
    """
    kept = [(examined(upload, only_pictures=only_pictures), upload) for upload in uploads]
    with all_or_none([row for row, _upload in kept]):
        for row, upload in kept:
            row.uploaded_by, row.uploaded_at, row.expires_at = by, now, expires_at
            row.content.save(str(row.pk), upload, save=False)
            row.save()
    return [row for row, _upload in kept]


def keep(
    *,
    content: IO[bytes],
    name: str,
    content_type: str,
    by: Person | None,
    now: datetime,
    expires_at: datetime,
) -> StoredFile:
    """Keep a file that we made, or one that nobody will be given, until `expires_at`."""
    file = File(content)
    row = StoredFile(name=clean_name(name), content_type=content_type, size=file.size)
    row.uploaded_by, row.uploaded_at, row.expires_at = by, now, expires_at
    row.sha256 = _digest(file)
    with all_or_none([row]):
        row.content.save(str(row.pk), file, save=False)
        row.save()
    return row


def purge(*, now: datetime) -> int:
    """Take away the files whose time is up, content first: a crash in between is made good later.

    Gives their number. Whoever links to one has said what becomes of the link.
    """
    gone = 0
    while True:
        with transaction.atomic():
            due = StoredFile.objects.filter(expires_at__lte=now).order_by("expires_at")
            batch = list(due.select_for_update(skip_locked=True)[:BATCH])
            for row in batch:
                row.content.delete(save=False)
            StoredFile.objects.filter(pk__in=[row.pk for row in batch]).delete()
        gone += len(batch)
        if not batch:
            break
    sweeps.mark("files", now=now)
    return gone


@contextmanager
def all_or_none(rows: Sequence[StoredFile]) -> Iterator[None]:
    """When something goes wrong meanwhile, none of the files stays; a full disk is said in words.

    The rows may be added while they are kept.
    """
    is_whole = False
    try:
        with transaction.atomic():
            yield
        is_whole = True
    except OSError as error:
        if is_full(error):
            raise no_room() from error
        raise
    finally:
        for row in () if is_whole else rows:
            _remove(row)


def _remove(row: StoredFile) -> None:
    """What was written of it; also where writing stopped before it had a name."""
    storage = row.content.storage
    folder = PurePosixPath(row.content.field.generate_filename(row, str(row.pk))).parent
    storage.delete(row.content.name or str(folder / str(row.pk)))


def is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def no_room() -> Refused:
    text = _("The file could not be kept: there is no room left. Tell an administrator.")
    return Refused(text, fields={"files": text})


def _digest(file: "File[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def examined(upload: "UploadedFile[Any]", *, only_pictures: bool = False) -> StoredFile:
    """What is known of an upload from its content; Refused where it may not be kept."""
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise _refused(name, _("the file is empty"))
    if size > settings.UPLOAD_MAX_BYTES:
        raise _refused(
            name,
            _("it is larger than %(limit)s MB") % {"limit": settings.UPLOAD_MAX_BYTES // 2**20},
        )
    content_type = detect(upload, name)
    row = StoredFile(name=name, content_type=content_type, size=size, sha256=_digest(upload))
    if only_pictures and not row.is_picture:
        raise _refused(name, _("photos are possible here"))
    return row


def clean_name(name: str) -> str:
    """The last part of the name without control or direction marks, shortened before its ending."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C").strip(". ")
    path = PurePosixPath(plain or "file")
    return path.stem[: NAME_LENGTH - len(path.suffix[:10])] + path.suffix[:10]


def detect(upload: "UploadedFile[Any]", name: str) -> str:
    """The type that the content shows; it must be allowed and agree with the name's ending."""
    upload.seek(0)
    head = upload.read(64 * 1024)
    upload.seek(0)
    ending = PurePosixPath(name.lower()).suffix
    for content_type in _candidates(head, name):
        if ending in ALLOWED.get(content_type, ()):
            return content_type
    raise _refused(name, _("photos, PDF, Word, Excel, MP3, MP4 and plain text are possible"))


def _candidates(head: bytes, name: str) -> list[str]:
    try:
        found = [match.mime_type for match in puremagic.magic_string(head, name)]
    except (puremagic.PureError, ValueError):
        found = []
    if not found and _is_text(head):
        return ["text/plain"]
    return found


def _is_text(head: bytes) -> bool:
    if b"\0" in head or b"<" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: len(head) - 4 or None].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _refused(name: str, why: str) -> Refused:
    text = _("“%(name)s” was not added: %(why)s.") % {"name": name, "why": why}
    return Refused(text, fields={"files": text})
