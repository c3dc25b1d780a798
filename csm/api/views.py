"""Calls that belong to no room: what does not exist, and the page of the document."""

from typing import Any, NoReturn

from django.contrib.auth.views import redirect_to_login
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from csm.api.schema import DESCRIPTION


@extend_schema(exclude=True)
class Nothing(APIView):
    """Any address under /api/ that is none: the error has the shape of all others."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotFound


class Document(SpectacularAPIView):
    """The OpenAPI document: JSON, which readers of YAML understand, too; YAML on demand."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]
    # The settings are read before the library can be: the text comes from here.
    custom_settings = {"DESCRIPTION": DESCRIPTION}


class Docs(SpectacularSwaggerSplitView):
    """The document in the browser, served from here; a visitor is asked to sign in."""

    url_name = "api-schema"
    template_name = "api/docs.html"
    authentication_classes = (SessionAuthentication,)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)
