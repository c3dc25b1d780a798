"""What acts on surveys, counters and invitations take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import LocalTimeInput, needs
from organisation.forms.fields import BranchField
from organisation.models import Branch
from surveys.models import CallOutcome, Counter, Survey


class VersionForm(forms.Form):
    """The state that the person looked at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def version_in(data: Any) -> int | None:
    """The state that a pressed button tells; None: it tells none."""
    form = VersionForm(data)
    return form.cleaned_data["version"] if form.is_valid() else None


class CounterForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where a code is to hang."""

    use_required_attribute = False
    branch = BranchField(label=_("Branch"))

    class Meta:
        model = Counter
        fields = ("branch", "place")
        error_messages = {"place": needs(_("Say where it hangs."))}
        help_texts = {"place": _("Such as: counter 3, customer hall")}

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: Any = self.fields["branch"]
        own.queryset = Branch.objects.filter(path__startswith=survey.branch.path, is_active=True)

    def _post_clean(self) -> None:
        """The action writes and checks."""


class CallForm(VersionForm):
    """What came of a call."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        choices=CallOutcome,
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages=needs(_("Say what came of the call.")),
    )
    next_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=LocalTimeInput(),
        help_text=_("Where nobody answered, or there is no time now"),
    )
    never_again = forms.BooleanField(
        label=_("Is never to be asked again, by any survey"),
        required=False,
        help_text=_("With “Does not wish to be asked”"),
    )

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}
