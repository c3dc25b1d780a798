"""Comments, diagnoses and answers as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer
from organisation.serializers import StrictSerializer
from surveys.actions.comments import LONGEST
from surveys.given import LONGEST as LONGEST_TEXT
from surveys.models import (
    Answer,
    Breadth,
    Chapter,
    Diagnosis,
    DiagnosisStatus,
    Reach,
    Response,
    Source,
)


class CommentSerializer(serializers.Serializer[Answer]):
    """What a customer wrote, with the mark beside it. Of an anonymous survey without its branch."""

    id = serializers.IntegerField()
    response = serializers.IntegerField(source="response_id")
    question = serializers.CharField(source="question.key")
    text = serializers.CharField()
    value = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    branch = serializers.SerializerMethodField()
    answered_at = serializers.DateTimeField(source="response.completed_at")
    tags = serializers.SerializerMethodField()

    def get_branch(self, row: Answer) -> str | None:
        return None if row.response.survey.is_anonymous else row.response.branch.code

    def get_tags(self, row: Answer) -> list[str]:
        return [tag.name for tag in row.tags.all()]


class TagSerializer(StrictSerializer):
    name = serializers.CharField(max_length=LONGEST)


class ProblemSerializer(StrictSerializer):
    """A problem in its place of the two by two; the first one matters most."""

    text = serializers.CharField(max_length=300)
    breadth = serializers.ChoiceField(Breadth.choices)
    reach = serializers.ChoiceField(Reach.choices)


class TextsSerializer(StrictSerializer):
    """A text for each chapter."""

    def get_fields(self) -> dict[str, Any]:
        return {
            chapter.value: serializers.CharField(
                max_length=10_000, allow_blank=True, required=False
            )
            for chapter in Chapter
        }


class DraftDiagnosisSerializer(StrictSerializer):
    """Of all answers, or of a period: a week, month, quarter, year, or days with a slash."""

    period = serializers.CharField(max_length=21, required=False, allow_blank=True)


class ChangeDiagnosisSerializer(VersionedSerializer):
    """What is to be changed; chapters left out stay as they are, problems are told as a whole."""

    texts = TextsSerializer(required=False)
    problems = serializers.ListField(child=ProblemSerializer(), required=False, max_length=30)


class DiagnosisSerializer(serializers.Serializer[Diagnosis]):
    id = serializers.IntegerField()
    survey = serializers.IntegerField(source="survey_id")
    period = serializers.CharField()
    status = serializers.ChoiceField(DiagnosisStatus.choices)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    texts = serializers.SerializerMethodField()
    problems = ProblemSerializer(many=True)

    def get_texts(self, row: Diagnosis) -> dict[str, str]:
        return {part.chapter: part.text for part in row.parts.all()}


class AnswerSerializer(StrictSerializer):
    """The answer to one question, or to one item of it; yes and no are 1 and 0."""

    question = serializers.CharField(max_length=40)
    item = serializers.CharField(max_length=40, required=False, allow_blank=True)
    value = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, allow_null=True
    )
    choices = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=100
    )
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    importance = serializers.IntegerField(required=False, allow_null=True)
    expectation = serializers.IntegerField(required=False, allow_null=True)
    competitor = serializers.IntegerField(required=False, allow_null=True)


class AnswersSerializer(StrictSerializer):
    """A sheet; `is_complete` false keeps it to be gone on with. `source`: how it was told to us."""

    answers = serializers.ListField(child=AnswerSerializer(), allow_empty=False, max_length=1000)
    is_complete = serializers.BooleanField(default=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # hides the library's own
        [(Source.PHONE.value, Source.PHONE.label), (Source.NOTE.value, Source.NOTE.label)],
        required=False,
    )


class KeptSerializer(serializers.Serializer[Response]):
    """What was kept. The number of an anonymous sheet stays unknown to who typed it in."""

    id = serializers.SerializerMethodField()
    survey = serializers.IntegerField(source="survey_id")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # hides the library's own
        Source.choices
    )
    answers = serializers.SerializerMethodField()
    completed_at = serializers.DateTimeField(allow_null=True)

    def get_id(self, row: Response) -> int | None:
        return None if row.survey.is_anonymous else row.pk

    def get_answers(self, row: Response) -> int:
        return row.answers.count()
