"""The customer's card and its contacts as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.actions.customers import Caller
from customers.models import Customer
from organisation.access import branches, visible
from organisation.forms.fields import BranchField, PersonField
from organisation.models import Person, Role

CARD = (
    *("name", "own_spelling", "code", "kind", "tier", "grade"),
    *("home_branch", "account_manager", "contract_ends_on", "language", "note"),
)


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who the customer is. A tier belongs to a person, a grade to a company."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    home_branch = BranchField(label=_("Home branch"))
    account_manager = PersonField(label=_("Account manager"), required=False)

    class Meta:
        model = Customer
        fields = CARD
        widgets = {"note": forms.Textarea({"rows": 3})}
        help_texts = {
            "own_spelling": _("Only where the name is not read as usual: “shan xiong xin”"),
            "code": _("In the books of the company, with its leading zeros"),
            "tier": _("For a person"),
            "grade": _("For a company, given by hand"),
            "language": _("In which letters are written; not chosen: that of the company"),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["home_branch"].queryset = branches(person, "customer.edit").active()  # type: ignore[attr-defined]
        managers = visible(Person, person).filter(postings__role=Role.ACCOUNT_MANAGER)
        self.fields["account_manager"].queryset = managers.distinct()  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The action writes and checks: the instance stays as it is stored."""

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CARD}


class ContactForm(forms.Form):
    """A person to speak to."""

    contact_name = forms.CharField(label=_("Contact"), max_length=80, required=False)
    title = forms.CharField(label=_("Position"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    best_time = forms.CharField(
        label=_("Best time to call"), max_length=80, required=False, help_text=_("14:00–17:00")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_reachable = data.get("phone") or data.get("email")
        if self.has_changed() and not is_reachable and not self.errors:
            self.add_error("phone", _("Enter a phone number or an e-mail address"))
        return data

    def caller(self) -> Caller:
        data = self.cleaned_data
        return Caller(
            name=data["contact_name"],
            phone=data["phone"],
            email=data["email"],
            title=data["title"],
            best_time=data["best_time"],
        )


class NewContactForm(ContactForm):
    """A contact that is asked for on its own: it cannot be empty."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.has_changed():
            self.add_error("phone", _("Enter a phone number or an e-mail address"))
        return data
