"""What Django does when it does nothing for the reader: the references of the pages."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints.models import Complaint, WorkOrder
from organisation.actions import tokens
from organisation.api.authentication import TokenAuthentication
from organisation.api.moment import moment
from organisation.models import PublicLink
from staff.models import PointAccount, PointEntry
from surveys.models import Invitation, Question

SIZE = 50
FIELDS = (
    "pk",
    "number",
    "subject",
    "status",
    "severity",
    "received_at",
    "next_due_at",
    "branch__name",
    "intake_branch__name",
    "category__name",
    "customer__name",
    "handler__name",
)

ORDER_FIELDS = (
    "pk",
    "number",
    "title_subject",
    "title_nature",
    "title_content",
    "status",
    "source",
    "promised_on",
    "branch__name",
    "customer__name",
    "owner__name",
    "item__score",
    "item__opinion",
    "item__plan",
)


def listed(request: HttpRequest) -> JsonResponse:
    """50 rows by keyset as JSON, for somebody whose session and card were read."""
    rows = Complaint.objects.filter(next_due_at__isnull=False)
    after = parse_datetime(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(next_due_at__gt=after)
    found = list(rows.order_by("next_due_at", "pk").values(*FIELDS)[:SIZE])
    return JsonResponse({"person": request.user.pk, "results": found})


def orders(request: HttpRequest) -> JsonResponse:
    """The same of work orders, newest first."""
    rows = WorkOrder.objects.all()
    after = request.GET.get("after", "")
    if after:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk").values(*ORDER_FIELDS)[:SIZE])
    return JsonResponse({"person": request.user.pk, "results": found})


@login_not_required
def sheet(request: HttpRequest, token: str) -> JsonResponse:
    """The questions behind a link as JSON, for nobody in particular."""
    link = PublicLink.objects.get(token_hash=tokens.hash_of(token))
    invitation = Invitation.objects.select_related("survey", "branch").get(link=link)
    questions = Question.objects.filter(edition=invitation.survey.edition_id)
    return JsonResponse({"survey": invitation.survey.name, "questions": list(questions.values())})


class Bare(APIView):
    """For somebody whose token and card were read."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)


class Balance(Bare):
    """One row by its key."""

    def get(self, request: Request) -> Response:
        rows = PointAccount.objects.filter(person=request.user.pk)
        return Response({"balance": rows.values_list("balance", flat=True).get()})


class Statement(Bare):
    """50 rows by the index of a person, newest first."""

    def get(self, request: Request) -> Response:
        rows = PointEntry.objects.filter(person=request.user.pk).order_by("-pk")
        return Response({"results": list(rows.values()[:SIZE])})


class RowSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000)
    channel = serializers.CharField(max_length=20)
    branch = serializers.IntegerField()


class Insert(Bare):
    """One row."""

    def post(self, request: Request) -> Response:
        given = RowSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now, fields = moment(request), given.validated_data
        branch = fields["branch"]
        row = Complaint.objects.create(
            subject=fields["subject"],
            description=fields["description"],
            channel=fields["channel"],
            number=uuid.uuid4().hex[:20],
            branch_id=branch,
            intake_branch_id=branch,
            received_at=now,
            logged_at=now,
        )
        return Response({"number": row.number, **given.data}, status=201)
