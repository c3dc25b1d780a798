"""Work calendars as forms."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisation.models import CalendarDay, WorkCalendar

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    """A calendar with office hours, Monday to Friday."""

    timezone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = WorkCalendar
        fields = ("name", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["timezone"]
        field.choices = [(name, name) for name in sorted(available_timezones())]  # type: ignore[attr-defined]
        field.initial = settings.TIME_ZONE


class DayForm(forms.Form):
    """A holiday, or a make-up working day."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    is_working = forms.TypedChoiceField(
        label=_("This day is"),
        choices=(("no", _("a holiday")), ("yes", _("a working day"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    name = forms.CharField(
        label=_("Name"), max_length=CalendarDay._meta.get_field("name").max_length, required=False
    )


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
