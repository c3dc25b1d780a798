"""What a customer fills in without a login: few fields, each in plain words."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from customers.actions.customers import Caller
from customers.phones import digits_of

MOST_PHOTOS = 5
FEWEST_DIGITS, MOST_DIGITS = 7, 20
SUBJECT_LENGTH = 60
# The end of a sentence or line, in either script.
SENTENCE = re.compile(r"[。！？!?\n]|\.\s")


class Sheet(forms.Form):
    """`submission` names the sheet: sending it twice does it once.

    `website` is a trap: people do not see it, programs fill it in.
    """

    website = forms.CharField(required=False, label=_("Leave this empty"))
    submission = forms.UUIDField(widget=forms.HiddenInput)

    default_auto_id = "id_%s"

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=self.default_auto_id)
        self.fields["submission"].initial = uuid.uuid4
        self.fields["website"].widget.attrs = {"autocomplete": "off", "tabindex": "-1"}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last field empty: it is there to stop programs."))
        return ""


class PhotosField(FilesField):
    """Up to five pictures; what a picture is, its content says."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Photos"),
            required=False,
            help_text=_("Up to 5, at most 20 MB each"),
        )
        self.widget.attrs["accept"] = "image/*"

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if len(found) > MOST_PHOTOS:
            raise ValidationError(_("Choose at most 5 photos; you can add others later."))
        return found


class ReportForm(Sheet):
    """The complaint itself."""

    description = forms.CharField(
        label=pgettext_lazy("asked of a customer", "What happened"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("When, where, and what you would like us to do"),
        error_messages=needs(_("Write what happened.")),
    )
    waybill = forms.CharField(
        label=_("Waybill number"),
        max_length=60,
        required=False,
        help_text=_("It stands on the label of the parcel"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages=needs(_("Enter your name.")),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "tel"}),
        help_text=_(
            "Used only for this complaint. With an e-mail address you get number and answer in "
            "writing; you may enter both."
        ),
        error_messages=needs(_("Enter a phone number or an e-mail address.")),
    )
    photos = PhotosField()

    def clean_contact(self) -> Caller:
        """Either, or both with a space or a comma between them."""
        words = re.split(r"[,，;；\s]+", self.cleaned_data["contact"].strip())
        emails = [word for word in words if "@" in word]
        phone = " ".join(word for word in words if "@" not in word)
        for email in emails:
            validate_email(email)
        if len(emails) > 1 or (phone and not _is_phone(phone)) or not (phone or emails):
            raise ValidationError(
                _("Enter a phone number of 7 digits or more, an e-mail address, or both.")
            )
        return Caller(phone=phone, email=emails[0] if emails else "")

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        contact: Caller = data["contact"]
        return {
            "subject": subject_of(data["description"]),
            "description": data["description"],
            "waybill": data["waybill"],
            "caller": Caller(name=data["name"], phone=contact.phone, email=contact.email),
            "uploads": data["photos"],
            "submission": data["submission"],
        }


class AdditionForm(Sheet):
    """More about it. Ids carry its name, since the page has two forms."""

    said = "addition"
    default_auto_id = "add_%s"

    text = forms.CharField(
        label=_("What you would like to add"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    photos = PhotosField()


class ObjectionForm(Sheet):
    """It is not solved."""

    said = "objection"
    default_auto_id = "not_%s"

    text = forms.CharField(
        label=_("What is still open"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(_("Write what is still open, so that we can put it right.")),
    )


def subject_of(description: str) -> str:
    """The first sentence, cut to a line."""
    text = description.strip()
    first = " ".join(SENTENCE.split(text, maxsplit=1)[0].split()) or " ".join(text.split())
    return first if len(first) <= SUBJECT_LENGTH else f"{first[: SUBJECT_LENGTH - 1]}…"


def _is_phone(text: str) -> bool:
    plain = re.fullmatch(r"[+\d\s().#*转-]+", text) is not None
    return plain and FEWEST_DIGITS <= len(digits_of(text)) <= MOST_DIGITS
