"""Answers of a page: the whole of it, or the named part that HTMX asks for."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.template import Context, Node, NodeList, RequestContext, TemplateSyntaxError, loader
from django.template.base import Parser, Template, Token
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class PartNode(Node):
    """`{% part name %} … {% endpart %}`: shown where it stands, and alone when HTMX asks for it."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        return self.nodelist.render(context)


def compile_part(parser: Parser, token: Token) -> PartNode:
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError("{% part %} takes one name, without quotes")
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(words[1], nodelist)


class HtmxRequest(Protocol):
    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part: not when it restores history or follows a boosted link."""
    details = cast(HtmxRequest, request).htmx
    return bool(details) and not details.boosted and not details.history_restore_request


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; only its part of that name when HTMX asks."""
    compiled = cast(Template, loader.get_template(template).template)  # type: ignore[attr-defined]
    bound = RequestContext(request, dict(context))
    with bound.bind_template(compiled):
        if part and wants_part(request):
            text = _part(compiled, part).render(bound)
        else:
            text = compiled.render(bound)
    response = HttpResponse(text, status=status)
    # One address, two answers: a shared or browser cache must keep them apart.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _part(compiled: Template, name: str) -> PartNode:
    for node in compiled.nodelist.get_nodes_by_type(PartNode):
        if isinstance(node, PartNode) and node.name == name:
            return node
    raise LookupError(f"{compiled.name} has no part {name!r}")


def go(request: HttpRequest, to: Any, *arguments: Any, **named: Any) -> HttpResponse:
    """On to another page after an act: a redirect, for HTMX one that moves the whole window."""
    if wants_part(request):
        return HttpResponseClientRedirect(resolve_url(to, *arguments, **named))
    return cast(HttpResponseRedirect, redirect(to, *arguments, **named))
