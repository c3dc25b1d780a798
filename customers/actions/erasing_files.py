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

from organisation.actions.files import clean_name
from organisation.models import JobFile, StoredFile


def replace(files: Collection[UUID], now: datetime) -> None:
    """Each becomes a sentence that says so; the old content is removed when all is committed.

    Lists that were taken out before may name the customer, too: they go with the next round of the
    sweep, and are taken out anew.
    """
    content = _("This file was removed when the customer was anonymised.").encode()
    for row in StoredFile.objects.select_for_update().filter(pk__in=files):
        storage, old = row.content.storage, str(row.content.name)
        row.name = clean_name(_("Removed file") + ".txt")
        row.content_type, row.size = "text/plain", len(content)
        row.sha256 = sha256(content).hexdigest()
        row.content.save(f"{row.pk}-removed", ContentFile(content), save=False)
        row.save()
        transaction.on_commit(partial(storage.delete, old))
    _expire(now)


def _expire(now: datetime) -> None:
    """Files of jobs, and uploaded tables; photos that wait for a form are nobody's yet."""
    made = Q(pk__in=JobFile.objects.values("file"))
    uploaded = Q(expires_at__gt=now, uploaded_by__isnull=False)
    StoredFile.objects.filter(made | uploaded).update(expires_at=now)
