"""Orders, notices, assessments, recoveries and challenges that belong to a complaint."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Challenge, Event
from complaints.sources import Sources
from complaints.timeline.entry import Entry, Say, entry_of, plain
from csm.kit import money


def order(words: Any) -> Say:
    """An event of the work order, with the number that the order has by now."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.orders.get(event.data.get("order", 0))
        reason = ""
        if found is not None and event.kind == "order_returned" and event.at == found.returned_at:
            reason = found.return_reason
        if found is not None and event.kind == "order_annulled":
            reason = found.annulment_reason
        link = (found.number or _("Open")) if found else ""
        url = reverse("work-order", args=(found.pk,)) if found else ""
        return entry_of(event, "file-text", str(words), quote=reason, link=link, url=url)

    return say


def notice(words: Any) -> Say:
    """An event of a published notice, with its number."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.notices.get(event.data.get("notice", 0))
        link = str(found) if found else ""
        url = reverse("notice", args=(found.pk,)) if found else ""
        return entry_of(event, "speakerphone", str(words), link=link, url=url)

    return say


def recovery(words: Any) -> Say:
    """Given, asked for, decided, cancelled: what, for how much, and the words of that act."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.recoveries.get(event.data.get("recovery", 0))
        if found is None:
            return entry_of(event, "gift", str(words))
        said = {
            "recovery_declined": found.answer,
            "recovery_cancelled": found.cancel_reason,
            "recovery_approved": "",
        }
        return entry_of(
            event,
            "gift",
            str(words),
            quote=said.get(event.kind, found.words),
            link=f"{found.offer.label} {money.words(found.amount)}",
            url=reverse("recovery", args=(sources.complaint.number, found.pk)),
        )

    return say


def challenge(event: Event, sources: Sources) -> Entry:
    """Raised or answered; the link says what it is about."""
    found = sources.challenges.get(event.data.get("challenge", 0))
    is_answer = event.kind == "challenge_answered"
    what = _("answered the challenge:") if is_answer else _("challenged for the customer:")
    if found is None:
        return entry_of(event, "scale", what)
    return entry_of(
        event,
        "scale",
        what,
        quote=found.answer if is_answer else found.words,
        link=_challenged(found),
        url=reverse("challenge", args=(sources.complaint.number, found.pk)),
        note=found.get_outcome_display() if is_answer else "",
    )


def _challenged(found: Challenge) -> str:
    if found.timer is None:
        return _("The result")
    words = _("Verdict of the clock %(clock)s, cycle %(cycle)s")
    return words % {"clock": found.timer.get_kind_display(), "cycle": found.timer.cycle}


def assessed(words: Any) -> Say:
    """An assessment of the branch; what concerns a person is not told here."""

    def say(event: Event, sources: Sources) -> Entry:
        if event.by is None:
            return entry_of(event, "scale", _("An assessment is proposed: no work order in time"))
        return entry_of(event, "scale", str(words))

    return say


WORDS: dict[str, Say] = {
    "recovery_given": recovery(gettext_lazy("gave the customer:")),
    "recovery_asked": recovery(gettext_lazy("asked for approval of a recovery:")),
    "recovery_approved": recovery(gettext_lazy("approved the recovery:")),
    "recovery_declined": recovery(gettext_lazy("declined the recovery:")),
    "recovery_cancelled": recovery(gettext_lazy("cancelled the recovery:")),
    "disputed": plain("scale", gettext_lazy("disputed it for the ranking")),
    "dispute_decided": plain("scale", gettext_lazy("decided the dispute for the ranking")),
    "dispute_withdrawn": plain("scale", gettext_lazy("withdrew the dispute for the ranking")),
    "challenged": challenge,
    "challenge_answered": challenge,
    "order_drafted": order(gettext_lazy("began the rectification work order")),
    "order_attached": order(gettext_lazy("added it to a rectification work order")),
    "order_detached": order(gettext_lazy("took it out of the rectification work order")),
    "order_submitted": order(gettext_lazy("submitted the rectification work order")),
    "order_returned": order(gettext_lazy("returned the rectification work order")),
    "order_confirmed": order(gettext_lazy("confirmed the rectification work order")),
    "order_annulled": order(gettext_lazy("annulled the rectification work order")),
    "notice_published": notice(gettext_lazy("published the notice")),
    "notice_withdrawn": notice(gettext_lazy("withdrew the notice")),
    "measure_done": order(gettext_lazy("finished a long-term measure of the order")),
    "measure_dropped": order(gettext_lazy("dropped a long-term measure of the order")),
    "effect_reported": order(gettext_lazy("reported the effect of the order")),
    "effectiveness_decided": order(gettext_lazy("judged whether the order was effective")),
    "improvement_requested": order(gettext_lazy("asked for a topic or a course with the order")),
    "assessment_proposed": assessed(gettext_lazy("proposed an assessment of the branch")),
    "assessment_decided": assessed(gettext_lazy("decided the assessment of the branch")),
    "assessment_rejected": assessed(gettext_lazy("rejected the assessment of the branch")),
    "assessment_appealed": assessed(gettext_lazy("appealed against the assessment")),
    "assessment_finished": assessed(gettext_lazy("answered the appeal against the assessment")),
}
