"""A field for several files at once. What may be kept is decided by `actions.files.store`."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer
from django.utils.safestring import SafeString


class ManyFilesInput(forms.ClearableFileInput):
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


class ManyFilesField(forms.FileField):
    """Cleans to a list of uploads, empty when none was chosen."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
        return [super(ManyFilesField, self).clean(upload, initial) for upload in uploads]
