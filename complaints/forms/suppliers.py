"""A supplier as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import Supplier


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and contact; of a known one also whether it is still used."""

    class Meta:
        model = Supplier
        fields = ("name", "contact", "is_active")
        help_texts = {"is_active": _("An inactive supplier is not offered any more")}
        error_messages = {"name": needs(_("Enter the name of the supplier."))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["is_active"]

    def _post_clean(self) -> None:
        """The action writes: the instance stays as it is stored."""
