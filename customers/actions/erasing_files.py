"""Files that hang on what a customer said: their content goes, their place stays."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from csm.kit.reading.holding import may_hold
from organisation.actions.files import clean_name
from organisation.models import JobFile, StoredFile


def replace(files: Collection[UUID]) -> None:
    """Each becomes a sentence that says so; the old content is removed when all is committed."""
    content = _("This file was removed when the customer was anonymised.").encode()
    for row in StoredFile.objects.select_for_update().filter(pk__in=files):
        storage, old = row.content.storage, str(row.content.name)
        row.name = clean_name(_("Removed file") + ".txt")
        row.content_type, row.size = "text/plain", len(content)
        row.sha256 = sha256(content).hexdigest()
        row.content.save(f"{row.pk}-removed", ContentFile(content), save=False)
        row.save()
        transaction.on_commit(partial(storage.delete, old))


def expire(words: Collection[str], now: datetime) -> int:
    """Lists that were taken out, and uploaded tables, in which one of the words stands or may
    stand: they go with the next round of the sweep. Gives their number.

    Photos that wait for a form are nobody's yet.
    """
    made = Q(pk__in=JobFile.objects.values("file"))
    uploaded = Q(expires_at__gt=now, uploaded_by__isnull=False)
    kept = StoredFile.objects.filter(made | uploaded).exclude(content_type__startswith="image/")
    naming = [row.pk for row in kept.iterator(100) if _may_name(row, words)]
    return StoredFile.objects.filter(pk__in=naming).update(expires_at=now)


def _may_name(row: StoredFile, words: Collection[str]) -> bool:
    if any(word in row.name for word in words):
        return True
    try:
        with row.content.open() as content:
            return may_hold(content, words)
    except FileNotFoundError:
        return False
