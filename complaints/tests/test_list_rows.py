"""The rows of a list are written in Python: the same as a template would write."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.utils import translation

from complaints import clock_face
from complaints.models import Category, Complaint, Severity, Status
from complaints.views.rows import Row
from customers.models import Customer, Grade, Tier
from organisation.models import Person

NOW = datetime(2026, 11, 19, 6, 32, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROW = """{% load i18n %}<tr role="row">
{% if boxes %}{% include "complaints/_pick.html" %}{% endif %}<td role="cell" class="r-main">
<a class="r-subject{% if mark %} r-new{% endif %}" href="{% url "complaint" complaint.number %}{{ trail }}">
{% include "complaints/_severity.html" %}{% if mark %}<span class="vh">{{ mark }}</span>{% endif %}
{{ complaint.subject }}</a><span class="r-meta"><span class="num">{{ complaint.number }}</span>
{% if complaint.category %} · {{ complaint.category.label }}{% endif %}
{% if complaint.customer %} · {% if complaint.customer.standing %}
{% blocktranslate with name=complaint.customer.name standing=complaint.customer.standing %}{{ name }} ({{ standing }}){% endblocktranslate %}
{% else %}{{ complaint.customer.name }}{% endif %}{% endif %}
</span></td><td role="cell" class="r-two">
{% if complaint.triaged_at %}<span>{{ branch }}</span> <span class="small muted">
{% if complaint.handler %}{{ complaint.handler.name }}{% else %}{% translate "No handler" %}{% endif %}</span>
{% else %}<span>{% if complaint.status == "invalid" %}—{% else %}{% translate "To assign" %}{% endif %}</span>
<span class="small muted">{{ branch }}</span>{% endif %}</td>
<td role="cell" class="r-two"><span>{{ complaint.get_status_display }}</span>
<span class="small muted">{{ complaint.received_at|when }}</span></td>
{% clock_cells clocks %}</tr>"""  # noqa: E501
HOSTILE = "<b>{number}\"' & 100%(x)s</b>"
KNOWN = {
    "category": Category(name=HOSTILE, name_en="K & R"),
    "customer": Customer(name=HOSTILE, tier=Tier.GOLD),
}
GRADED = Customer(name="顺风货运", grade=Grade.values[0])
TRIAGED = {"status": Status.ASSIGNED, "triaged_at": NOW}
# Each way that a cell can read.
COMPLAINTS = (
    Complaint(number="TS-1", subject=HOSTILE, severity=Severity.CRITICAL, **KNOWN),
    Complaint(number="TS-2", severity=Severity.HIGH, customer=GRADED, **TRIAGED),
    Complaint(number="TS-3", handler=Person(name=HOSTILE), **TRIAGED),
    Complaint(number="TS-4", status=Status.INVALID, customer=Customer(name="王小明")),
)


def drawn(template: str, **context: object) -> str:
    """Without the space that only parts the lines of a template."""
    text = engines["django"].from_string(template).render(context)
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("complaint", COMPLAINTS, ids=str)
def test_a_row_is_what_a_template_would_write(complaint: Complaint, language: str) -> None:
    complaint.received_at = NOW
    with translation.override(language):
        running = clock_face.face(state="running", now=NOW, started_at=NOW, due_at=NOW + HOUR)
        clocks = clock_face.four({"result": running}, heads=clock_face.heads({}))
        for mark, boxes in ((HOSTILE, True), ("", False)):
            row = Row(complaint, clocks, mark, branch=HOSTILE)
            given = {**row._asdict(), "rows": [row], "trail": "?a=1&b=2", "boxes": boxes}
            tag = "{% complaint_rows rows trail=trail with_boxes=boxes %}"
            assert drawn(tag, **given) == drawn(ROW, **given)
