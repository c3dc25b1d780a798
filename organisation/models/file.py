"""Private files. Who may fetch one is decided by the record that links to it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """An upload under a random name; the type was read from its content, never believed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to="files/%Y/%m/", max_length=200)
    uploaded_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="When a sweep takes it away.")

    class Meta:
        indexes = (
            models.Index(
                fields=("expires_at",),
                condition=models.Q(expires_at__isnull=False),
                name="stored_file_expiring",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
