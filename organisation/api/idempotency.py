"""`Idempotency-Key`: reading it, and telling one body from another."""

import hashlib
import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

NAME = "Idempotency-Key"
LONGEST = 100


def key_of(request: Request) -> str:
    """The key of the call; empty without one."""
    key = str(request.headers.get(NAME, "")).strip()
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        sentence = _("Send up to %(most)d letters, digits and signs.") % {"most": LONGEST}
        raise ValidationError({NAME: [sentence]})
    return key


def hash_of(request: Request) -> str:
    """The same for the same call: address and content, whatever the spacing of the JSON."""
    files = {
        name: [(upload.name, _hash_of_file(upload)) for upload in uploads]
        for name, uploads in request.FILES.lists()
    }
    data = {name: value for name, value in request.data.items() if name not in files}
    text = json.dumps([request.method, request.path, data, files], sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _hash_of_file(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
