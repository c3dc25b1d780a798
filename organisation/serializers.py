"""Branches, people and tokens as the API reads and shows them."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisation.access import visible
from organisation.models import Branch, Level, Person, Role


class StrictSerializer(serializers.Serializer[Any]):
    """Input: a name that the call does not know is refused, so that nothing is lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        errors: dict[str, Any] = {name: [_("This call has no such field.")] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors}) from error  # type: ignore[dict-item]
        if errors:
            raise serializers.ValidationError(errors)
        return value


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field[Any, Any, str, Any]):
    """A row named by its code; `rows` gives those that the caller may name."""

    default_error_messages = {
        "unknown": gettext_lazy("“{value}” is not known here."),
        "invalid": gettext_lazy("Send a code."),
    }

    def __init__(self, rows: Callable[[Person], QuerySet[Any]], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not data.isprintable():
            self.fail("invalid")
        row = self.find(data)
        if row is None:
            self.fail("unknown", value=data[:80])
        return row

    def find(self, code: str) -> Any:
        """The row of that code that the caller may name, if there is one."""
        return self.rows(self.context["me"]).filter(code=code).first()

    def to_representation(self, value: Any) -> str:
        return str(value.code)


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class PersonField(serializers.Field[Person, Any, int, Any]):
    """A person by id or by user name, among those whom the caller may see."""

    default_error_messages = {
        "unknown": gettext_lazy("Nobody whom you can see has this id or user name."),
        "invalid": gettext_lazy("Send an id or a user name."),
    }

    def to_internal_value(self, data: Any) -> Person:
        if isinstance(data, str) and data.isprintable():
            named: dict[str, Any] = {"username": data}
        elif isinstance(data, int) and not isinstance(data, bool):
            named = {"pk": data}
        else:
            self.fail("invalid")
        person = self.people().filter(is_active=True, **named).first()
        if person is None:
            self.fail("unknown")
        return person

    def people(self) -> QuerySet[Person]:
        """Whom the caller may name."""
        return visible(Person, self.context["me"])

    def to_representation(self, value: Person) -> int:
        return value.pk


class PersonReferenceSerializer(serializers.Serializer[Person]):
    """Somebody, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class CodedSerializer(serializers.Serializer[Any]):
    """A branch or a category, in short."""

    code = serializers.CharField()
    name = serializers.CharField()


class BranchSearchSerializer(serializers.Serializer[Any]):
    """`search`: a part of a name or of the code, or pinyin in full or in initials."""

    search = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class BranchSerializer(serializers.Serializer[Branch]):
    """A branch. `parent` is the code of the one above; the headquarters has none."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    parent = serializers.CharField(  # type: ignore[assignment]  # hides the library's own
        source="parent.code", allow_null=True, default=None
    )


class PostingSerializer(serializers.Serializer[Any]):
    """One role at one branch and all below it."""

    branch = CodedSerializer()
    role = serializers.ChoiceField(Role.choices)


class MeSerializer(serializers.Serializer[Any]):
    """The caller. `verbs` is what the postings allow somewhere."""

    person = PersonReferenceSerializer()
    username = serializers.CharField()
    language = serializers.CharField()
    postings = PostingSerializer(many=True)
    verbs = serializers.ListField(child=serializers.CharField())


class SignInSerializer(StrictSerializer):
    username = serializers.CharField(max_length=80, trim_whitespace=False)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    """`token` is shown this once: only its hash is kept."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
