"""Forms of rewards, redemptions and the award fund."""

from decimal import Decimal
from secrets import randbits
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from staff.actions import fund
from staff.models import Reward

FREE = _("Enter what it costs; 0 for nothing.")
SAID = ("name", "name_en", "words", "points", "cost", "is_active")


class CostField(forms.DecimalField):
    """What a prize takes from the award fund, in yuan; one that is no money costs 0."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            min_value=fund.NOTHING,
            max_value=fund.DEAREST,
            decimal_places=2,
            error_messages=needs(FREE),
            **given,
        )


class RewardForm(forms.ModelForm):  # type: ignore[type-arg]
    """A reward; `pieces` come to its stock or go out of it."""

    use_required_attribute = False
    pieces = forms.IntegerField(
        label=_("Pieces that come to the stock"),
        required=False,
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("Below zero: so many go out of it"),
    )
    field_order = ("name", "name_en", "words", "points", "cost", "pieces", "is_active")

    class Meta:
        model = Reward
        fields = SAID
        help_texts = {
            "cost": _("In yuan: charged to the award fund when a redemption is approved"),
            "is_active": _("What is not offered stays in the catalogue, and nobody can ask for it"),
        }
        error_messages = {
            "name": needs(_("Enter the name.")),
            "points": needs(_("Enter the price.")),
            "cost": needs(FREE),
        }

    def _post_clean(self) -> None:
        """The action writes and checks."""

    def said(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in SAID}
        return given | {"pieces": self.cleaned_data["pieces"] or 0}


class AskForm(forms.Form):
    """One reward, at the price that was read; `nonce` lets the same form count once."""

    price = forms.IntegerField(widget=forms.HiddenInput)
    nonce = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)

    def __init__(self, data: Any = None, *, reward: Reward) -> None:
        super().__init__(data, initial={"nonce": randbits(62), "price": reward.points})


class DecisionForm(forms.Form):
    """On the state that was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RefusalForm(DecisionForm):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(_("Say why: the person reads it.")),
    )


class BudgetForm(forms.Form):
    """What may be spent in a quarter."""

    use_required_attribute = False
    amount = forms.DecimalField(
        label=_("Budget in yuan"),
        min_value=Decimal(0),
        max_value=fund.MOST,
        decimal_places=2,
        error_messages=needs(_("Enter the budget.")),
    )
