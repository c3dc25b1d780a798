"""Choosing how a file is read: encoding, times, columns, with its first rows to see."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from complaints.actions import imports as actions
from complaints.forms.import_fields import OF_COLUMNS, initial_of, layout_of, profile_choices
from complaints.forms.imports import MappingForm
from complaints.importing import Unreadable, preview, profiles, suggestions
from complaints.importing.moments import Moments
from complaints.importing.preview import Preview
from complaints.models import ImportProfile, ImportRun
from complaints.views.imports import run_or_404
from csm.kit import clock
from csm.kit.htmx import go, page
from csm.kit.reading import guessing
from organisation.doors import attempt, me

LOOK, BEGIN, CHECK = "look", "begin", "check"
TIMES = 3


@dataclass(frozen=True)
class Looked:
    """The file in one lay-out, or why it cannot be read so."""

    preview: Preview | None
    refusal: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    if run.state not in actions.MAPPABLE or run.file is None:
        return go(request, "import", pk)
    path = Path(run.file.content.path)
    do = request.POST.get("do", CHECK) if request.method == "POST" else ""
    if not do:
        return _blank(request, run, path, run.table or first_table(run, path))
    if do == BEGIN:
        return _begin(request, run, path)
    return _asked(request, run, path, do)


def first_table(run: ImportRun, path: Path) -> dict[str, Any]:
    """What the file seems to be."""
    given = {**guessing.guess(path), "timezone": settings.TIME_ZONE}
    found = _look(run, path, given).preview
    return suggestions.table(found, given) if found else given


def _look(run: ImportRun, path: Path, table: dict[str, Any]) -> Looked:
    encoding, delimiter = table.get("encoding", "utf-8"), table.get("delimiter", ",")
    try:
        return Looked(preview.look(path, run.name, encoding=encoding, delimiter=delimiter))
    except Unreadable as refusal:
        return Looked(None, refusal.message)


def _blank(
    request: HttpRequest, run: ImportRun, path: Path, table: dict[str, Any], profile: str = ""
) -> HttpResponse:
    looked = _look(run, path, table)
    form = _form(None, looked, table, path)
    form.initial["profile"] = profile
    return _show(request, run, form, looked)


def _begin(request: HttpRequest, run: ImportRun, path: Path) -> HttpResponse:
    """Start from a profile; what the file does not have is named."""
    profile = request.POST.get("profile", "")
    table = _of_profile(profile) or run.table or first_table(run, path)
    return _blank(request, run, path, table, profile)


def _of_profile(profile: str) -> dict[str, Any]:
    """What the profile says, "shipped:name" or "kept:number"; nothing when there is none."""
    origin, _colon, name = profile.partition(":")
    if origin == "shipped" and name in profiles.shipped():
        return profiles.table(name)
    if origin == "kept" and name.isdecimal() and len(name) < 19:
        return ImportProfile.objects.filter(pk=name).values_list("table", flat=True).first() or {}
    return {}


def _asked(request: HttpRequest, run: ImportRun, path: Path, do: str) -> HttpResponse:
    """Look again, or check. In another encoding the columns have other names: suggested anew."""
    table = _laid_out(request.POST, _of_profile(request.POST.get("profile", "")) or run.table)
    looked = _look(run, path, table)
    data: QueryDict = request.POST
    if looked.preview and data.get("layout", "") != layout_of(table):
        data = _carried(data, looked.preview, table)
    form = _form(data, looked, table, path)
    if do == LOOK:
        # Nothing is wrong yet with what is still being filled in.
        form.is_valid()
        form.errors.clear()
        return _show(request, run, form, looked)
    if looked.refusal:
        form.add_error("encoding" if "encoding" in form.fields else None, looked.refusal)
    if form.is_valid():
        table, by, now = form.table(), me(request), clock.now()
        if attempt(form, lambda: actions.check(run=run, table=table, by=by, now=now)):
            return go(request, "import", run.pk)
    return _show(request, run, form, looked, status=422)


def _carried(data: QueryDict, preview: Preview, table: dict[str, Any]) -> QueryDict:
    """What was sent, with columns as they are called now: those that are gone, suggested anew."""
    fresh = initial_of(suggestions.table(preview, table))
    carried = data.copy()
    for name in data:
        if name.startswith(OF_COLUMNS) and data[name] not in preview.columns:
            carried[name] = fresh.get(name, "")
    carried["layout"] = layout_of(table)
    if not data.getlist("dates"):
        carried.setlist("dates", fresh.get("dates", []))
    return carried


def _laid_out(data: QueryDict, begun: dict[str, Any]) -> dict[str, Any]:
    """The lay-out that was sent, with what the page has begun with beyond our own choices."""
    table: dict[str, Any] = {name: begun[name] for name in ("maps", "dates") if name in begun}
    allowed = {"encoding": preview.ENCODINGS, "delimiter": guessing.DELIMITERS}
    for name, choices in allowed.items():
        sent, kept = data.get(name, ""), begun.get(name)
        if sent in choices or (sent and sent == kept):
            table[name] = sent
    return table | {"source": data.get("source", ""), "timezone": data.get("timezone", "")}


def _form(data: QueryDict | None, looked: Looked, table: dict[str, Any], path: Path) -> MappingForm:
    is_workbook = preview.is_workbook(path)
    return MappingForm(data, preview=looked.preview, table=table, is_workbook=is_workbook)


def _show(
    request: HttpRequest, run: ImportRun, form: MappingForm, looked: Looked, status: int = 200
) -> HttpResponse:
    context = {
        "run": run,
        "form": form,
        "preview": looked.preview,
        "refusal": looked.refusal,
        "times": _times(form, looked),
        "profiles": profile_choices(),
    }
    return page(request, "complaints/import_columns.html", context, part="mapping", status=status)


def _times(form: MappingForm, looked: Looked) -> list[tuple[str, datetime | None]]:
    """How the first times of receipt are read."""
    column = str(form["column_received_at"].value() or "")
    if looked.preview is None or not column:
        return []
    zone = str(form["timezone"].value() or settings.TIME_ZONE)
    moments = Moments(_zone(zone), list(form["dates"].value() or ()))
    return [(text, _moment(moments, text)) for text in looked.preview.values(column)[:TIMES]]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def _moment(moments: Moments, text: str) -> datetime | None:
    try:
        return moments.read(text)
    except ValueError:
        return None
