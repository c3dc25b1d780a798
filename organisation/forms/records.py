"""The forms of acts on one record: each knows it, and the state of it that was read."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from csm.kit.transitions import Moving

F = TypeVar("F", bound="RecordForm")


class RecordForm(forms.Form):
    """An act on a record. `ids` keeps the forms of one page apart."""

    ids: ClassVar[str] = "id_%s"
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        record: Any,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
    ) -> None:
        start = {"version": record.version, **self.start(record)}
        super().__init__(data, files, auto_id=self.ids, initial=start)

    @staticmethod
    def start(record: Any) -> Mapping[str, Any]:
        """What stands in the boxes of a fresh form."""
        return {}


def sent_or_fresh(kind: type[F], record: Moving, sent: forms.BaseForm | None) -> F:
    """The form that was sent, if it is of this kind; else a fresh one."""
    return sent if isinstance(sent, kind) else kind(record)
