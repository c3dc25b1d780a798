"""Which two versions of a work order are compared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class VersionsForm(forms.Form):
    before = forms.TypedChoiceField(label=_("From"), coerce=int)
    after = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
