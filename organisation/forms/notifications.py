"""What reaches somebody outside the inbox, and who hears while they are away."""

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisation.actions.absences import deputies
from organisation.forms.fields import PersonField
from organisation.models import Absence, Importance, Person

EMAIL_FROM = (
    (Importance.INFORMATION, _("Everything")),
    (Importance.REMINDER, _("Reminders and above")),
    (Importance.OVERDUE, _("Overdue and escalated only")),
)
COMPANY, OWN, NONE = "company", "own", "none"
DAY = "%Y-%m-%d"


class NotificationForm(forms.Form):
    """Which messages come by e-mail, and when they wait."""

    email_from = forms.TypedChoiceField(
        label=_("By e-mail"),
        choices=EMAIL_FROM,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("All of them are in your inbox. What is overdue always comes by e-mail."),
    )
    quiet = forms.ChoiceField(
        label=_("Quiet hours"),
        widget=forms.RadioSelect,
        help_text=_("E-mails wait until they end; what is overdue comes at once."),
    )
    quiet_from = forms.TimeField(label=_("Own hours from"), required=False)
    quiet_until = forms.TimeField(label=_("until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quiet"].choices = (  # type: ignore[attr-defined]
            (COMPANY, _of_the_company()),
            (OWN, _("My own, below")),
            (NONE, _("None")),
        )
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].widget = forms.TimeInput({"type": "time"}, "%H:%M")

    def clean(self) -> dict[str, Any]:
        """What the action takes; own hours count only where they were chosen."""
        data = super().clean() or {}
        quiet = data.pop("quiet", COMPANY)
        data["has_quiet_hours"] = quiet != NONE
        if quiet != OWN:
            return data | {"quiet_from": None, "quiet_until": None}
        for name in ("quiet_from", "quiet_until"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter a time such as 22:00."))
        return data

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        own = OWN if person.quiet_from else COMPANY
        return {
            "email_from": person.email_from,
            "quiet": own if person.has_quiet_hours else NONE,
            "quiet_from": person.quiet_from,
            "quiet_until": person.quiet_until,
        }


def _of_the_company() -> Any:
    starts: time | None = settings.QUIET_FROM
    ends: time | None = settings.QUIET_UNTIL
    if not starts or not ends:
        return _("As the company: none")
    return _("As the company: %(starts)s to %(ends)s") % {
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }


class AbsenceForm(forms.Form):
    """The first and the last day, and who hears meanwhile."""

    from_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date"}, DAY),
        error_messages={"required": _("Enter the first day.")},
    )
    until_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput({"type": "date"}, DAY),
        error_messages={"required": _("Enter the last day.")},
    )
    deputy = PersonField(
        label=_("Deputy"),
        error_messages={"required": _("Choose the deputy.")},
        help_text=_("Is told everything in your stead, on all channels."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = deputies(person)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(absence: Absence | None) -> dict[str, Any]:
        if absence is None:
            return {}
        return {
            "from_on": absence.from_on,
            "until_on": absence.until_on,
            "deputy": absence.deputy_id,
        }
