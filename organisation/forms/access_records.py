"""Which looks at personal data are asked for."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from csm.kit.masking import mask_phone
from organisation.models import AccessRecord, LookReason


class LookFilter(forms.Form):
    """By who looked, what at, why, and the days between two dates."""

    who = forms.CharField(label=_("Who looked"), max_length=80, required=False)
    reference = forms.CharField(
        label=_("Record"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            {"placeholder": _("A complaint's number, customer:12, or a phone number")}
        ),
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All")), *LookReason.choices]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return data

    def narrowed(self, rows: QuerySet[AccessRecord]) -> QuerySet[AccessRecord]:
        data = self.cleaned_data
        if who := data["who"]:
            rows = rows.filter(Q(person__name__icontains=who) | Q(person__username=who))
        if reference := data["reference"].strip():
            rows = rows.filter(reference__in=(reference, mask_phone(reference)))
        if data["reason"]:
            rows = rows.filter(reason=data["reason"])
        if data["since"]:
            rows = rows.filter(at__gte=_midnight(data["since"]))
        if data["until"]:
            rows = rows.filter(at__lt=_midnight(data["until"] + timedelta(days=1)))
        return rows


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
