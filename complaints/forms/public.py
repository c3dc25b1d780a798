"""What a customer fills in without a login: few fields, each in plain words."""

import re
import uuid
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from csm.kit import clock
from csm.kit.errors import Refused
from customers.actions.customers import Caller
from customers.phones import digits_of
from organisation.actions import waiting
from organisation.actions.files import examined
from organisation.models import StoredFile

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
    """Up to five pictures; `PhotoSheet` judges each by its content."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Photos"),
            required=False,
            help_text=_("Up to 5, at most 20 MB each"),
        )
        # Named one by one: a telephone then sends its own format as JPEG.
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/gif,image/webp"

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [upload for upload in data or [] if upload]


class PhotoSheet(Sheet):
    """A sheet with photos. When it comes back, the good ones wait for it (U-05).

    `fit` were chosen now and may be kept, `waiting` wait already.
    """

    photos = PhotosField()

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fit: list[UploadedFile[Any]] = []
        self.waiting: list[StoredFile] = []

    def clean_photos(self) -> "list[UploadedFile[Any]]":
        problems = self._find_waiting()
        for upload in self.cleaned_data["photos"]:
            try:
                file = examined(upload, only_pictures=True)
            except Refused as refusal:
                problems.append(refusal.message)
                continue
            if len(self.waiting) + len(self.fit) < MOST_PHOTOS:
                self.fit.append(upload)
            else:
                problems.append(
                    gettext("“%(name)s” was left out: 5 photos are the most for one sheet.")
                    % {"name": file.name}
                )
        if problems:
            raise ValidationError(problems)
        return self.fit

    def _find_waiting(self) -> list[str]:
        submission: uuid.UUID | None = self.cleaned_data.get("submission")
        if submission is None:
            return []
        words = cast(QueryDict, self.data).getlist("waiting")
        found = waiting.find(words, submission, now=clock.now())
        self.waiting = found[:MOST_PHOTOS]
        return [waiting.gone().message] if len(found) < len(set(words)) else []

    def named(self) -> list[tuple[str, str]]:
        """What waits, as (word, name), to be sent along or not."""
        return [
            (waiting.word(file, self.cleaned_data["submission"]), file.name)
            for file in self.waiting
        ]

    def lost(self) -> list[str]:
        """What could not be kept: no browser gives a chosen file back to a form."""
        return [upload.name or "" for upload in self.fit]


class ReportForm(PhotoSheet):
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
    field_order = ("submission", "description", "waybill", "name", "contact", "photos")

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
            "waiting": self.waiting,
            "submission": data["submission"],
        }


class AdditionForm(PhotoSheet):
    """More about it. Ids carry its name, since the page has two forms."""

    said = "addition"
    default_auto_id = "add_%s"

    text = forms.CharField(
        label=_("What you would like to add"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    field_order = ("submission", "text", "photos")


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
