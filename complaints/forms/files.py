"""Several files in one input. What may be kept, `organisation.actions.files` decides."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer
from django.utils.safestring import SafeString


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        # A browser never gets chosen files back: the input is always an empty one.
        return super().render(name, None, attrs, renderer)


class FilesField(forms.FileField):
    """Cleans to a list of uploads, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
        return [super(FilesField, self).clean(upload, initial) for upload in uploads]
