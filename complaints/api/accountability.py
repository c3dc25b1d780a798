"""Writing who answers for what happened with a complaint (C-28)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as bodies
from complaints.actions import accountability
from complaints.api.reading import complaint_data
from complaints.models import Complaint
from complaints.serializers.accountability import LinesSerializer
from organisation.access import visible_or_404
from organisation.api.doors import Door


class ComplaintAccountability(Door):
    @extend_schema(request=LinesSerializer, responses=bodies.ComplaintSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Write the complaint's record: the lines that are sent replace those that were there.

        Lines of an order are written with the order.
        """
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._write(complaint))

    def _write(self, complaint: Complaint) -> Response:
        accountability.require_writing(complaint, self.me)
        body = LinesSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        accountability.write(of=complaint, by=self.me, now=self.now, **body.validated_data)
        return Response(complaint_data(complaint.pk, self.me, self.now))
