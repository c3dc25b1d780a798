"""What happened to an assessment, in words: events say what, the assessment says it in full."""

from django.utils.translation import gettext as _

from complaints.models import Assessment, Event
from complaints.timeline import Entry, step_words

ICON = "scale"


def entries(assessment: Assessment) -> list[Entry]:
    """Newest first."""
    events = Event.objects.filter(assessment=assessment).select_related("by")
    return [_entry(assessment, event) for event in events]


def _entry(assessment: Assessment, event: Event) -> Entry:
    who = event.by.name if event.by else ""
    words = {
        "assessment_proposed": (_("proposed it"), assessment.reason),
        "assessment_decided": (_decided(event), assessment.decision),
        "assessment_rejected": (_("rejected it"), assessment.decision),
        "assessment_appealed": (_("appealed"), assessment.appeal),
        "assessment_finished": (_finished(event), assessment.final_words),
    }
    what, quote = words.get(event.kind, (step_words(event), ""))
    icon = ICON if event.kind in words else "bell"
    return Entry(event.at, icon, what, who=who, quote=quote, is_system=not who)


def _decided(event: Event) -> str:
    before = event.data.get("before")
    if before is None:
        return _("decided as proposed")
    return _("decided otherwise than proposed (%(before)s)") % {"before": before}


def _finished(event: Event) -> str:
    if event.data.get("is_upheld"):
        return _("answered the appeal: upheld")
    return _("answered the appeal: granted, nothing counts")
