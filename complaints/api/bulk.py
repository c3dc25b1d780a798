"""One act on many complaints: every row answers for itself."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import keyset
from complaints.actions import bulk
from complaints.actions.bulk import MOST, Chosen
from complaints.actions.bulk_kinds import AddNote, Assign, Kind, Transfer, Triage, Urge
from complaints.actions.offers import COMPLAINT_VERBS
from complaints.filters import ComplaintFilter
from complaints.models import BulkKind, Outcome
from complaints.serializers import bulk as bodies
from organisation.access import require
from organisation.api.doors import Door
from organisation.serializers import StrictSerializer

OWN = ("act", "numbers", "versions", "query")
KINDS: dict[str, tuple[type[StrictSerializer], Callable[..., Kind]]] = {
    BulkKind.TRIAGE: (bodies.BulkTriageSerializer, Triage),
    BulkKind.ASSIGN: (bodies.BulkAssignSerializer, Assign),
    BulkKind.TRANSFER: (bodies.BulkTransferSerializer, Transfer),
    BulkKind.NOTE: (bodies.BulkNoteSerializer, AddNote),
    BulkKind.URGE: (StrictSerializer, Urge),
}


class Bulk(Door):
    @extend_schema(request=bodies.BulkSerializer, responses=bodies.BulkActSerializer)
    def post(self, request: Request) -> Response:
        """Do one act to at most 1,000 complaints; the answer says what became of each."""
        return self.once(lambda: self._done(request.data))

    def _done(self, data: Any) -> Response:
        bulk.require_any(self.me)
        given = bodies.BulkSerializer(data=data)
        given.is_valid(raise_exception=True)
        fields = given.validated_data
        require(self.me, COMPLAINT_VERBS[fields["act"]])
        shape, makes = KINDS[fields["act"]]
        rest = {name: value for name, value in data.items() if name not in OWN}
        body = shape(data=rest, context={"me": self.me})
        body.is_valid(raise_exception=True)
        act = bulk.change(
            chosen=self._chosen(fields),
            kind=makes(**body.validated_data),
            by=self.me,
            now=self.now,
        )
        results = list(act.results.all())
        done = sum(row.outcome == Outcome.DONE for row in results)
        answer = {"act": act.kind, "done": done, "results": results}
        return Response(bodies.BulkActSerializer(answer).data)

    def _chosen(self, fields: dict[str, Any]) -> Chosen:
        if "numbers" in fields:
            versions = fields.get("versions", {})
            return Chosen({number: versions.get(number) for number in fields["numbers"]})
        found = ComplaintFilter(QueryDict(fields["query"]), person=self.me, now=self.now)
        if found.errors:
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        rows = keyset.page(found.qs, keyset.ORDERS[found.order], size=MOST).rows
        return Chosen(ids=[row.pk for row in rows])
