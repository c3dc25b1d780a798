"""A member of staff and their postings as forms."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.models import Branch, Person, Posting, Role

LANGUAGES = (("", _("As the browser says")), *settings.LANGUAGES)
NEW_PASSWORD = {"autocomplete": "new-password"}


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """The card. Without a user name there is no login."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    class Meta:
        model = Person
        fields = ("name", "username", "email", "phone", "language", "is_active")
        help_texts = {
            "username": _("Empty: no login"),
            "is_active": _("Inactive: signed out at once, everywhere"),
        }
        error_messages = {"name": {"required": _("Enter the name.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["is_active"]

    def clean_username(self) -> str | None:
        return self.cleaned_data["username"] or None


class PasswordForm(forms.Form):
    """A first or a new password; the rules are the settings'."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
        help_text=_("At least 10 characters; tell it to the person in private"),
    )


class FirstPasswordForm(PasswordForm):
    """Empty: somebody sets one later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False


class PostingForm(forms.Form):
    """One role at one branch."""

    use_required_attribute = False
    branch = BranchField(label=_("Branch"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=(("", "—"), *Role.choices), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("branch")) != bool(data.get("role")) and not self.errors:
            self.add_error("role" if data.get("branch") else "branch", _("Choose both, or neither"))
        return data


class Postings(forms.BaseFormSet):  # type: ignore[type-arg]
    """All postings of a person, with two empty lines for more. An emptied line goes."""

    def __init__(self, *args: Any, offered_to: Person, **kwargs: Any) -> None:
        self.offered = branches(offered_to, "person.edit")
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["branch"].queryset = self.offered  # type: ignore[attr-defined]

    def given(self) -> list[tuple[Branch, str]]:
        rows = [form.cleaned_data for form in self.forms]
        return [(row["branch"], row["role"]) for row in rows if row.get("branch")]


def postings_form(data: Any, *, by: Person, person: Person | None = None) -> Postings:
    """The lines of a person's postings, with the branches that `by` may post to."""
    held = Posting.objects.filter(person=person) if person else Posting.objects.none()
    initial = [{"branch": row.branch_id, "role": row.role} for row in held]
    lines = forms.formset_factory(PostingForm, formset=Postings, extra=2, max_num=30)
    return cast(Postings, lines(data, initial=initial, offered_to=by, prefix="postings"))  # type: ignore[call-arg]
