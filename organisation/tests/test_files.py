"""Uploads are kept all together or not at all."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from csm.kit.errors import Refused
from organisation.actions import files
from organisation.models import StoredFile

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.mark.django_db
def test_b07_a_refused_upload_leaves_none_of_its_neighbours_on_the_disk(
    settings: Any, tmp_path: Path, now: datetime
) -> None:
    settings.MEDIA_ROOT = tmp_path
    good = SimpleUploadedFile("good.pdf", PDF)
    bad = SimpleUploadedFile("bad.pdf", b"<svg onload=alert(1)>")
    with pytest.raises(Refused, match=r"bad\.pdf"):
        files.store([good, bad], by=None, now=now)
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    (kept,) = files.store([good], by=None, now=now)
    assert kept.content_type == "application/pdf"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
