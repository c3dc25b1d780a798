"""Photos of a stranger's sheet that came back with an error: they wait for it (U-05).

Nobody is ever given one. Each is named by a signed word that only its own sheet can use; after an
hour the sweep `purge_files` takes it away. How many wait altogether is bounded, so that nobody
fills the disk with sheets that are never sent.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.actions import files
from organisation.models import StoredFile

LIFE = timedelta(hours=1)
# Of all strangers together.
MOST_BYTES = 2 * 1024**3


def keep(uploads: Sequence["UploadedFile[Any]"], *, now: datetime) -> list[StoredFile]:
    """Let the pictures wait; Refused where there is no room for them."""
    held = _held(now).aggregate(size=Sum("size"))["size"] or 0
    if held + sum(upload.size or 0 for upload in uploads) > MOST_BYTES:
        raise files.no_room()
    return files.store(uploads, by=None, now=now, only_pictures=True, expires_at=now + LIFE)


def word(file: StoredFile, submission: uuid.UUID) -> str:
    """What the sheet sends to name the file."""
    return _signer(submission).sign(file.pk.hex)


def find(words: Iterable[str], submission: uuid.UUID, *, now: datetime) -> list[StoredFile]:
    """The files so named, in order, that wait or went along already; none forged, none late."""
    keys = [key for each in words if (key := _key(each, submission))]
    found = StoredFile.objects.filter(uploaded_by=None).in_bulk(keys)
    return [
        found[key]
        for key in dict.fromkeys(keys)
        if key in found and (found[key].expires_at or now) >= now
    ]


def claim(waiting: Sequence[StoredFile], *, now: datetime) -> list[StoredFile]:
    """Keep them for good, for the caller's record; all, or Refused. Needs a transaction."""
    keys = [file.pk for file in waiting]
    rows = {row.pk: row for row in _held(now).filter(pk__in=keys).select_for_update()}
    if len(rows) < len(set(keys)):
        raise gone()
    StoredFile.objects.filter(pk__in=keys).update(expires_at=None)
    return [rows[key] for key in keys]


def gone() -> Refused:
    text = _("A photo waited too long and is no longer here. Choose it again.")
    return Refused(text, fields={"photos": text})


def _held(now: datetime) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(uploaded_by=None, expires_at__gt=now)


def _signer(submission: uuid.UUID) -> Signer:
    return Signer(salt=f"waiting photo {submission}")


def _key(named: str, submission: uuid.UUID) -> uuid.UUID | None:
    try:
        return uuid.UUID(_signer(submission).unsign(named))
    except BadSignature:
        return None
