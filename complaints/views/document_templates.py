"""Settings of documents: what they look like in Word, and how to try that."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import document_templates as actions
from complaints.actions import papers
from complaints.documents import defaults
from complaints.documents.kinds import DOCUMENTS, Document
from complaints.forms.document_templates import TemplateForm
from complaints.models import PaperKind
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me
from organisation.views.files import download


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    rows = [(kind, actions.active(kind)) for kind in PaperKind]
    return page(request, "complaints/document_templates.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: what is used now, its fields, and the upload of another one."""
    known = _kind_or_404(request, kind)
    form = TemplateForm()
    if request.method == "POST":
        form = TemplateForm(request.POST, request.FILES)
        if form.is_valid():
            given = {"upload": form.cleaned_data["file"], "by": me(request), "now": clock.now()}
            if attempt(form, lambda: actions.replace(kind=kind, **given)):
                messages.success(request, _("New documents are made of this template."))
                return go(request, "document-template", kind)
    return _show(request, known, form)


@require_POST
def try_out(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An upload filled with an example; nothing of it is kept."""
    known = _kind_or_404(request, kind)
    form = TemplateForm(request.POST, request.FILES)
    if form.is_valid():
        given = {"upload": form.cleaned_data["file"], "by": me(request)}
        content = attempt(form, lambda: actions.checked(kind=kind, **given))
        if content is not None:
            return _word(papers.example(kind, content), known, _("example"))
    return _show(request, known, form)


@require_safe
def file(request: HttpRequest, kind: str) -> FileResponse:
    """The template that is used now."""
    known = _kind_or_404(request, kind)
    return _word(actions.content_of(kind), known, _("template"))


@require_safe
def default(request: HttpRequest, kind: str) -> FileResponse:
    """Ours."""
    known = _kind_or_404(request, kind)
    return _word(defaults.template(kind), known, _("template of CSM"))


@require_safe
def example(request: HttpRequest, kind: str) -> FileResponse:
    """What is used now, filled with an example."""
    known = _kind_or_404(request, kind)
    return _word(papers.example(kind, actions.content_of(kind)), known, _("example"))


@require_POST
def reset(request: HttpRequest, kind: str) -> HttpResponse:
    _kind_or_404(request, kind)
    actions.reset(kind=kind, by=me(request), now=clock.now())
    messages.success(request, _("New documents are made of the template of CSM."))
    return go(request, "document-template", kind)


def _kind_or_404(request: HttpRequest, kind: str) -> Document:
    """The right is asked first."""
    require_everywhere(me(request), actions.VERB)
    if kind not in PaperKind.values:
        raise Http404
    return DOCUMENTS[kind]


def _show(request: HttpRequest, known: Document, form: TemplateForm) -> HttpResponse:
    context = {
        "form": form,
        "kind": known.kind,
        "loop": "{%p for each in … %} … {%p endfor %}",
        "row": "{%tr for each in … %} … {%tr endfor %}",
        "active": actions.active(known.kind),
        "fields": [(_code(name, known), words) for name, words in known.fields.items()],
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/document_template.html", context, status=status)


def _code(name: str, known: Document) -> str:
    """How a field is written: of a list, in the loop that goes through it."""
    if isinstance(known.example.get(name), list):
        return "{%p for each in " + name + " %}"
    return "{{ " + (f"each.{name.partition('.')[2]}" if "." in name else name) + " }}"


def _word(content: bytes, known: Document, what: str) -> FileResponse:
    return download(BytesIO(content), f"{known.kind.label} {what}.docx", papers.DOCX)
