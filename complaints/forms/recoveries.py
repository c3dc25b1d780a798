"""Forms of service recovery: giving, deciding, and what may be given."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.actions import recoveries, recovery_rules
from complaints.forms.choices import NOTHING, category_choices, needs
from complaints.models import (
    Category,
    Complaint,
    DelayPrice,
    RecoveryLimit,
    RecoveryOffer,
)
from csm.kit import money


class AmountField(forms.DecimalField):
    """Yuan and fen; never below 0."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=Decimal(0), max_digits=10, decimal_places=2, required=False, **kwargs
        )


class RecoveryForm(forms.Form):
    """What the customer gets; field names are those of the action's arguments."""

    offer = forms.ModelChoiceField(
        RecoveryOffer.objects.none(),
        label=gettext_lazy("What the customer gets"),
        error_messages=needs(gettext_lazy("Choose what the customer gets.")),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        initial=1,
        min_value=1,
        max_value=recoveries.MOST_AT_ONCE,
        error_messages=needs(gettext_lazy("Enter the quantity.")),
    )
    amount = AmountField(
        label=pgettext_lazy("of a recovery", "Amount"),
        help_text=gettext_lazy("Only for what has no fixed value"),
    )
    words = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(gettext_lazy("Enter the reason.")),
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "recovery_%s"} | kwargs)
        field: Any = self.fields["offer"]
        field.queryset = recoveries.offers_for(complaint)
        self.offers = list(field.queryset)
        field.choices = [NOTHING, *((row.pk, _offered(row)) for row in self.offers)]


def _offered(offer: RecoveryOffer) -> str:
    value = _("amount to be entered") if offer.unit_value is None else money.words(offer.unit_value)
    return _("%(offer)s (%(value)s)") % {"offer": offer.label, "value": value}


class DecisionForm(forms.Form):
    """On the state that was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonedForm(DecisionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(gettext_lazy("Enter the reason.")),
    )


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something that may be offered."""

    class Meta:
        model = RecoveryOffer
        fields = ("name", "name_en", "kind", "unit_value", "category", "is_active")
        help_texts = {
            "unit_value": gettext_lazy("Empty: whoever gives it enters the amount"),
            "category": gettext_lazy("Also for all below it. Empty: for every complaint"),
            "is_active": gettext_lazy("An inactive one is not offered any more"),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Enter the name.")},
            "kind": {"required": gettext_lazy("Choose the kind.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.queryset = Category.objects.all()
        field.choices = category_choices(field.queryset)
        self.fields["unit_value"].min_value = Decimal(0)  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["is_active"]


class LimitsForm(forms.Form):
    """One line per role that may give anything: an amount, or no bound."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        known = dict(RecoveryLimit.objects.values_list("role", "amount"))
        super().__init__(*args, **kwargs)
        for role in recovery_rules.GIVING:
            self.fields[role] = AmountField(label=role.label, initial=known.get(role))
            self.fields[f"{role}_free"] = forms.BooleanField(
                label=_("%(role)s: without a bound") % {"role": role.label},
                required=False,
                initial=role in known and known[role] is None,
            )

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[role], self[f"{role}_free"]) for role in recovery_rules.GIVING]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for role in recovery_rules.GIVING:
            if data.get(role) is not None and data.get(f"{role}_free"):
                self.add_error(role, _("Enter an amount or choose “without a bound”, not both."))
        return data

    def limits(self) -> dict[str, Decimal | None]:
        """What the action takes."""
        data = self.cleaned_data
        free: dict[str, Decimal | None] = {
            role: None for role in recovery_rules.GIVING if data[f"{role}_free"]
        }
        bound = {role: data[role] for role in recovery_rules.GIVING if data[role] is not None}
        return free | bound


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The base price of delay."""

    class Meta:
        model = DelayPrice
        fields = ("amount",)
        help_texts = {
            "amount": gettext_lazy("In yuan. Empty: figures are shown in units only"),
        }
