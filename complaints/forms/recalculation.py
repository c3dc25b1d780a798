"""The second look before running clocks are counted by another revision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints.actions.recalculation import Preview
from complaints.forms.choices import needs

SEEN = ("revision", "clocks", "moved", "overdue")


class RecalculationForm(forms.Form):
    """What the person saw, and that they looked: it has to be what stands now."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)
    clocks = forms.IntegerField(widget=forms.HiddenInput)
    moved = forms.IntegerField(widget=forms.HiddenInput)
    overdue = forms.IntegerField(widget=forms.HiddenInput)
    looked = forms.BooleanField(
        error_messages=needs(_("Look at what changes, and say that you did."))
    )

    def __init__(self, data: Any = None, *, now: dict[str, int], preview: Preview) -> None:
        super().__init__(data, initial=now)
        self.now = now
        self.fields["looked"].label = ngettext(
            "I have looked: %(count)d clock becomes overdue at once.",
            "I have looked: %(count)d clocks become overdue at once.",
            preview.overdue_at_once,
        ) % {"count": preview.overdue_at_once}

    @property
    def is_outdated(self) -> bool:
        """Whether something has changed since the page was shown."""
        return any(self.data.get(name) != str(self.now[name]) for name in SEEN)


def seen(preview: Preview, revision: int) -> dict[str, int]:
    """The figures that a person decides on."""
    figures = (revision, preview.clocks, preview.moved, preview.overdue_at_once)
    return dict(zip(SEEN, figures, strict=True))
