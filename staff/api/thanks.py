"""Thanks of customers: the list of the company, noting, withdrawing."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.models import CallbackAttempt, Complaint
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from staff import thanks_reading
from staff.actions import thanks as actions
from staff.models import Thanks
from staff.serializers import points as bodies
from surveys.models import Answer
from surveys.models import Response as Sheet

SEE = "incentive.see"


class AllThanks(Door):
    @extend_schema(
        operation_id="thanks_list", parameters=PAGES, responses=page_of(bodies.ThanksSerializer)
    )
    def get(self, request: Request) -> Response:
        """Of the whole company, newest first, without those who prefer not to be named."""
        require(self.me, SEE)
        rows = thanks_reading.of_company(self.me)
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.ThanksSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.NoteThanksSerializer, responses={201: bodies.ThanksSerializer})
    def post(self, request: Request) -> Response:
        """Note whom a customer thanked; points follow where the customer gave the best score."""
        require(self.me, actions.NOTE)
        return self.once(self._note)

    def _note(self) -> Response:
        body = bodies.NoteThanksSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        answer, callback = given.pop("answer", None), given.pop("callback", None)
        if (answer is None) == (callback is None):
            raise ValidationError({"answer": [_("Name an answer or a callback, one of them.")]})
        said = {"by": self.me, "now": self.now, **given}
        if answer is not None:
            rows: QuerySet[Any] = Answer.objects.filter(response__in=visible(Sheet, self.me))
            made = actions.of_answer(answer=_named("answer", rows, answer), **said)
        else:
            rows = CallbackAttempt.objects.filter(complaint__in=visible(Complaint, self.me))
            made = actions.of_callback(callback=_named("callback", rows, callback), **said)
        return Response(shown(bodies.ThanksSerializer, made), status=status.HTTP_201_CREATED)


class WithdrawThanks(Door):
    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """They were noted wrongly: taken off the list, and their points taken back."""
        require(self.me, actions.NOTE)
        found = visible_or_404(Thanks, self.me, pk=pk)
        actions.withdraw(thanks=found, by=self.me, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _named(field: str, rows: QuerySet[Any], pk: int) -> Any:
    found: Model | None = rows.filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: [_("“%(code)s” is not known here.") % {"code": pk}]})
    return found
