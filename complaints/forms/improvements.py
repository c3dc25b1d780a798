"""The forms of QC topics, training courses and process steps (W-15, P-08)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.measures import owners
from complaints.forms.choices import near, staff_choices, with_logins
from complaints.models import Improvement, ImprovementKind
from organisation.forms.records import RecordForm
from organisation.models import Person


class ImprovementForm(RecordForm):
    """What an order asks for; it changes nothing of the order."""

    ids = "improvement_%s"
    version = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=_("Kind"), choices=ImprovementKind)
    title = forms.CharField(label=_("Title"), max_length=120)
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 2}))


class OwnerForm(RecordForm):
    """Who answers for a topic or a course."""

    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Owner"))

    def __init__(self, record: Improvement, *sent: Any) -> None:
        super().__init__(record, *sent)
        field: Any = self.fields["owner"]
        field.queryset = owners(record.branch)
        field.choices = staff_choices(with_logins(near(record.branch)))

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        return {"owner": record.owner_id}


class ResultForm(RecordForm):
    result = forms.CharField(
        label=_("What came of it"), max_length=5000, widget=forms.Textarea({"rows": 3})
    )
