"""A saved view as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.actions.views import sharing_branch
from complaints.forms.choices import needs
from complaints.models import SavedView
from organisation.models import Person, Role


class ViewForm(forms.Form):
    """The name, and with whom it is shared; only those who may share are asked."""

    name = forms.CharField(
        label=pgettext_lazy("of a view", "Name"),
        max_length=40,
        error_messages=needs(_("Enter a name for the view.")),
    )
    role = forms.ChoiceField(
        label=_("Shared with"),
        required=False,
        choices=[("", _("Nobody: it is mine alone")), *Role.choices],
    )

    def __init__(self, data: Any = None, *, person: Person, view: SavedView | None = None) -> None:
        super().__init__(data, initial={"name": view.name, "role": view.role} if view else {})
        place = sharing_branch(person)
        if place is None:
            del self.fields["role"]
        else:
            self.fields["role"].help_text = _(
                "Whoever has the role at %(branch)s or below finds their own complaints by it."
            ) % {"branch": place.label}
