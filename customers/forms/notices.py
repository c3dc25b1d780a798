"""A notice to customers as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Cause, CustomerNotice, Segment

NAMES = ("cause", "segment", "title", "words", "title_en", "words_en", "version")


class NoticeForm(forms.Form):
    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    cause = forms.ChoiceField(label=_("Why they are told"), choices=Cause.choices)
    segment = forms.ModelChoiceField(
        Segment.objects.none(),
        label=_("Segment"),
        error_messages={"required": _("Choose whom to tell.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give it a title.")}
    )
    words = forms.CharField(
        label=_("Text"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Say what they are told.")},
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    words_en = forms.CharField(
        label=_("Text in English"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("For customers who read English; without it they get the text above"),
    )

    def __init__(
        self, data: Any = None, *, segments: Any, notice: CustomerNotice | None = None
    ) -> None:
        first = {name: getattr(notice, name) for name in NAMES} if notice else {}
        super().__init__(data, initial=first)
        fields: dict[str, Any] = self.fields
        fields["segment"].queryset = segments


class SendForm(forms.Form):
    """`seen`: to how many it goes, as the page said."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
