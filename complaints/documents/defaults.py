"""The templates that come along, drawn in the active language: where a company's own begins."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docx.document import Document as Drawing

from complaints.documents import drawing
from complaints.documents.drawing import Facts
from complaints.models import PaperKind


def template(kind: str) -> bytes:
    return _drawn(kind, get_language() or "")


@lru_cache(maxsize=8)
def _drawn(kind: str, language: str) -> bytes:
    """Made once for each kind and language."""
    made, file = drawing.sheet(), BytesIO()
    DRAWN[kind](made)
    made.save(file)
    return file.getvalue()


def _work_order(sheet: Drawing) -> None:
    drawing.title(sheet, "{% if complaint %}" + _("Complaint") + " {{ complaint }}{% endif %}")
    facts = [
        (_("Responsible branch"), "branch"),
        (_("Rectification owner"), "owner"),
        (_("Issuing unit"), "issuing_unit"),
        (_("Status"), "status"),
        *_customer(),
        (pgettext("when", "Received"), "received_at"),
        (_("First submitted"), "first_submitted_at"),
        (_("Work order clock"), "clock"),
        (_("Promised completion"), "promised_on"),
    ]
    drawing.facts(sheet, facts)
    drawing.section(sheet, "1", _("Title"))
    drawing.line(sheet, "{{ title_subject }} {{ title_nature }} {{ title_content }}")
    drawing.section(sheet, "2", _("Anomaly"))
    drawing.text(sheet, _("Basic information"), "basic_information")
    drawing.loop(sheet, "course", "{% if each.at %}{{ each.at }} {% endif %}{{ each.text }}")
    drawing.section(sheet, "3", _("Causes and evidence"))
    _causes(sheet)
    drawing.text(sheet, _("Files"), "files")
    drawing.section(sheet, "4", _("Emergency measures"))
    drawing.line(sheet, "{{ emergency }}")
    _accountability(sheet)
    drawing.section(sheet, "5", _("Long-term measures"))
    _measures(sheet)
    drawing.section(sheet, "6", _("Effect and verification"))
    drawing.text(sheet, _("The responsible branch reports"), "effect")
    drawing.text(sheet, _("Customer satisfied"), "satisfied")
    drawing.text(sheet, _("The issuing unit verifies; guidance"), "guidance")
    drawing.signatures(sheet, _("Rectification owner"), _("Branch manager"), _("Issuing unit"))


def _notice(sheet: Drawing) -> None:
    drawing.title(sheet, "{{ issuing_unit }} {{ published_at }}")
    drawing.line(sheet, "{{ subject }}", is_strong=True)
    drawing.line(sheet, pgettext("a notice", "To") + " {% for each in branches %}{{ each.name }}"
          "{% if not loop.last %}, {% endif %}{% endfor %}")  # fmt: skip
    drawing.line(sheet, "{{ text }}")
    drawing.facts(sheet, [
        (_("Complaint"), "complaint"),
        (_("Work order"), "order"),
        (_("Corrects"), "corrects"),
        (_("Withdrawn, because"), "withdrawn"),
    ])  # fmt: skip
    drawing.signatures(sheet, _("Issuing unit"), _("Branch named"), _("Quality manager"))


def _complaint(sheet: Drawing) -> None:
    drawing.title(sheet, "{{ status }}")
    facts = [
        *_customer(),
        (_("Waybill"), "waybill"),
        (_("Channel"), "channel"),
        (_("Category"), "category"),
        (pgettext("when", "Received"), "received_at"),
        (_("Taken in by"), "intake"),
        (_("Responsible branch"), "branch"),
        (_("Handler"), "handler"),
        (_("Work order"), "order"),
    ]
    drawing.facts(sheet, facts)
    drawing.section(sheet, "1", _("Facts"))
    drawing.line(sheet, "{{ subject }}", is_strong=True)
    drawing.line(sheet, "{{ description }}")
    drawing.text(sheet, _("Result"), "result")
    drawing.section(sheet, "2", _("Causes and evidence"))
    _causes(sheet)
    drawing.section(sheet, "3", _("Measures"))
    drawing.line(sheet, "{{ emergency }}")
    _measures(sheet)
    _accountability(sheet)
    drawing.text(sheet, _("Effect"), "effect")
    drawing.text(sheet, _("Guidance"), "guidance")
    drawing.section(sheet, "4", _("Verdicts of the clocks"))
    drawing.table(sheet, "clocks", [
        (_("Promise"), "name"),
        (_("Within"), "target"),
        (_("Due"), "due_at"),
        (_("Verdict"), "verdict"),
        (_("Who"), "who"),
    ])  # fmt: skip
    drawing.signatures(sheet, _("Handler"), _("Branch manager"), _("Quality manager"))


DRAWN: dict[str, Callable[[Drawing], None]] = {
    PaperKind.WORK_ORDER: _work_order,
    PaperKind.NOTICE: _notice,
    PaperKind.COMPLAINT: _complaint,
}


def _customer() -> Facts:
    return [
        (_("Customer"), "customer"),
        (_("Tier or grade"), "standing"),
        (_("Contact"), "contact"),
        (_("Phone"), "phone"),
    ]


def _causes(sheet: Drawing) -> None:
    line = "{% if each.kind %}{{ each.kind }} {% endif %}{{ each.text }}"
    whys = "{% if each.whys %} ({{ each.whys }}){% endif %}"
    evidence = "{% if each.evidence %} [{{ each.evidence }}]{% endif %}"
    drawing.loop(sheet, "causes", line + whys + evidence)


def _accountability(sheet: Drawing) -> None:
    words = "{{ each.party }} {{ each.who }} {{ each.what }}"
    after = "{% if each.consequence %} ({{ each.consequence }}){% endif %}"
    drawing.loop(sheet, "accountability", words + after)


def _measures(sheet: Drawing) -> None:
    drawing.table(sheet, "measures", [
        (_("Group"), "group"),
        (_("Measure"), "text"),
        (_("Owner"), "owner"),
        (_("Due"), "due_on"),
        (_("Status"), "state"),
    ])  # fmt: skip
