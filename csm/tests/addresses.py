"""Every address, and what each persona gets there: the table behind the scope test (B-01).

An address that is missing here, or a method that is not named, fails `test_scope.py`.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from csm.tests.company import PLACES, SECRET, SECRET_PERSON, Company

# Addresses for which nobody needs to be signed in, each with its reason.
PUBLIC = {
    "login": "signing in",
    "set-language": "the login page is read in a language, too",
    "healthz": "asked by the supervisor",
    "readyz": "asked by the supervisor",
    "status": "asked by a monitoring program, with a token of its own",
    "api-token": "signing in of a program",
    "api-nothing": "what does not exist, in the shape of every error",
}
PERSONAS = {
    "s": "staff",  # handler at Wuxi
    "m": "manager",  # of the branch Wuxi
    "n": "neighbour",  # handler at its sibling
    "r": "region",  # quality manager of the region above
    "q": "quality",  # quality manager of the company
    "x": "executive",  # reads everything
    "a": "administrator",  # of the company
    "l": "local",  # administrator of the region
    "i": "idle",  # has no posting
}
# Whose things each persona sees: those of the own branch and below it, never beside or above.
SEES = {
    "s": ("own", "child"),
    "m": ("own", "child"),
    "n": ("sibling",),
    "r": ("own", "child", "sibling", "parent"),
    "q": ("own", "child", "sibling", "parent"),
    "x": ("own", "child", "sibling", "parent"),
    "a": ("own", "child", "sibling", "parent"),
    "l": ("own", "child", "sibling", "parent"),
    "i": (),
}
# Who may hand a complaint over to another branch chooses from the people there, by name; a measure
# of a work order may be that of somebody who works above.
CHOOSES_PEOPLE = {"m": PLACES, "s": ("parent",), "n": ("parent",)}
# Of these each has only their own, whatever the posting.
PERSONAL = {"message", "token", "job", "job_file", "bulk", "view"}
# Of these, too, unless the posting is one that shares them.
SHARED = {"phrase"}
OWNERS = {"s": ("own",), "n": ("sibling",)}


@dataclass(frozen=True)
class Row:
    """An address and a method. `of`: the thing it is about. `may`: who gets it; the others, 403.

    What a persona does not see is 404. `first`: the right is asked before the thing is looked up,
    so that who lacks it gets 403 for all things alike.
    """

    name: str
    method: str
    of: str
    may: str
    first: bool = False

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")

    @property
    def is_json(self) -> bool:
        return self.is_api and not self.name.endswith("-attachments")

    def url(self, company: Company, place: str) -> str:
        return reverse(self.name, kwargs=self._keys(company, place))

    def _keys(self, company: Company, place: str) -> dict[str, Any]:
        if not self.of:
            return {}
        day = company.calendar.days.get()
        everywhere: dict[str, dict[str, Any]] = {
            "category": {"pk": company.category.pk},
            "calendar": {"pk": company.calendar.pk},
            "policy": {"pk": company.policy.pk},
            "day": {"pk": company.calendar.pk, "day_pk": day.pk},
            "period": {"period": "2026-W40"},
            "paper": {"kind": "work_order"},
            "import": {"pk": company.imported.pk},
            "profile": {"pk": company.profile.pk},
            "offer": {"pk": company.offer.pk},
            "supplier": {"pk": company.supplier.pk},
            "rule": {"pk": company.rule.pk},
            "import_file": {"pk": company.imported.pk, "file_id": company.rejected.file_id},
        }
        return everywhere.get(self.of) or company.places[place].keys[self.of]

    def expected(self, persona: str, place: str) -> int:
        """200 (it is done or shown, or its input refused), 403 or 404."""
        if self.first and persona not in self.may:
            return 403
        sees = OWNERS.get(persona, ()) if self.of in PERSONAL else SEES[persona]
        if self.of in SHARED:
            sees = OWNERS.get(persona, sees)
        if self.of and self.of not in COMPANYWIDE and place not in sees:
            return 404
        return 200 if persona in self.may else 403


def hears(persona: str, text: str) -> list[str]:
    """What a text tells of places in which the persona has no part."""
    hidden = [place for place in PLACES if place not in SEES[persona]]
    for place in CHOOSES_PEOPLE.get(persona, ()):
        text = text.replace(SECRET_PERSON.format(place=place), "")
    return [place for place in hidden if SECRET.format(place=place) in text]


COMPANYWIDE = {
    *("category", "calendar", "day", "policy", "period", "paper"),
    *("import", "import_file", "profile", "offer"),
    *("supplier", "rule"),
}
ALL = "smnrqxal"
STAFF = "smnrq"
HANDLING = "smnrq"
QUALITY = "rq"
PROPOSING = "mrq"
ADMIN = "a"
# What comes from outside may name any branch: only who has the right at the headquarters.
COMPANY_IMPORT = "qa"

ROWS = (
    Row("my-work", "GET", "", ALL + "i"),
    Row("complaints", "GET", "", ALL + "i"),
    Row("complaint-list-news", "GET", "", ALL + "i"),
    Row("complaints-export", "POST", "", ALL),
    Row("work-orders-export", "POST", "", ALL),
    Row("customers-export", "POST", "", ALL),
    Row("complaints-bulk", "POST", "", STAFF),
    Row("bulk-result", "GET", "bulk", ALL + "i"),
    Row("bulk-undo", "POST", "bulk", STAFF),
    Row("saved-views", "GET", "", ALL + "i"),
    Row("saved-view-counts", "GET", "", ALL + "i"),
    Row("saved-view-new", "GET", "", ALL + "i"),
    Row("saved-view-new", "POST", "", ALL + "i"),
    Row("saved-view", "GET", "view", ALL + "i"),
    Row("saved-view", "POST", "view", ALL + "i"),
    Row("saved-view-up", "POST", "view", ALL + "i"),
    Row("saved-view-delete", "POST", "view", ALL + "i"),
    Row("callbacks-export", "POST", "", QUALITY),
    Row("work-order-annul", "POST", "order", QUALITY),
    Row("notices", "GET", "", ALL + "i"),
    Row("notices-export", "POST", "", ALL),
    Row("notice-new", "GET", "", "rq"),
    Row("notice-new", "POST", "", "rq"),
    # Published by the headquarters, after the opinion of the branch it is for.
    Row("notice", "GET", "notice", ALL),
    Row("notice-acknowledge", "POST", "notice", "smn"),
    Row("notice-opinion", "POST", "notice", "smn"),
    Row("notice-correct", "POST", "notice", "q"),
    # A draft of the branch; it names all the others.
    Row("notice-save", "POST", "draft", "rq"),
    Row("notice-consult", "POST", "draft", "rq"),
    Row("notice-publish", "POST", "draft", "rq"),
    Row("notice-withdraw", "POST", "draft", "rq"),
    Row("branches-export", "POST", "", "al"),
    Row("people-export", "POST", "", "mal"),
    Row("rankings-export", "POST", "", ALL),
    Row("complaint-new", "GET", "", STAFF),
    Row("complaint-new", "POST", "", STAFF),
    Row("complaint-new-customers", "POST", "", STAFF),
    Row("complaint-new-repeats", "POST", "", STAFF),
    Row("complaint-new-template", "POST", "", STAFF),
    Row("complaint-handlers", "GET", "", "m" + QUALITY),
    Row("complaint", "GET", "complaint", ALL),
    Row("complaint-clocks", "GET", "complaint", ALL),
    Row("complaint-news", "GET", "complaint", ALL),
    Row("complaint-phone", "POST", "complaint", ALL),
    Row("complaint-file", "GET", "file", ALL),
    Row("complaint-triage", "POST", "complaint", QUALITY),
    Row("complaint-confirm-invalid", "POST", "complaint", QUALITY),
    Row("complaint-reject-invalid", "POST", "complaint", QUALITY),
    Row("complaint-propose-invalid", "POST", "complaint", QUALITY),
    Row("complaint-accept", "POST", "complaint", HANDLING),
    Row("complaint-apologise", "POST", "complaint", HANDLING),
    Row("complaint-answer", "POST", "complaint", HANDLING),
    Row("complaint-close", "POST", "complaint", QUALITY),
    Row("complaint-assign", "POST", "complaint", "m" + QUALITY),
    Row("complaint-transfer", "POST", "complaint", "m" + QUALITY),
    Row("complaint-reopen", "POST", "complaint", QUALITY),
    Row("complaint-decline", "POST", "complaint", HANDLING),
    Row("complaint-restore", "POST", "complaint", QUALITY),
    Row("complaint-pause", "POST", "complaint", HANDLING),
    Row("complaint-resume", "POST", "complaint", HANDLING),
    Row("complaint-correct-receipt", "POST", "complaint", QUALITY),
    Row("complaint-ask-waiver", "POST", "complaint", HANDLING),
    Row("complaint-grant-waiver", "POST", "complaint", QUALITY),
    Row("complaint-decline-waiver", "POST", "complaint", QUALITY),
    Row("complaint-merge", "POST", "complaint", QUALITY),
    Row("complaint-urge", "POST", "complaint", STAFF),
    Row("complaint-note", "POST", "complaint", STAFF),
    Row("complaint-attach", "POST", "complaint", STAFF),
    Row("complaint-care", "GET", "complaint", ALL),
    Row("complaint-care", "POST", "complaint", STAFF),
    Row("recovery", "GET", "recovery", ALL),
    # Those of the company who may are no personas here.
    Row("recovery-approve", "POST", "recovery", ""),
    Row("recovery-decline", "POST", "recovery", ""),
    Row("recovery-cancel", "POST", "recovery", "sn"),
    Row("complaint-challenges", "GET", "complaint", ALL),
    Row("complaint-challenges", "POST", "complaint", ""),
    Row("challenge", "GET", "challenge", ALL),
    # The headquarters issues.
    Row("challenge", "POST", "challenge", "q"),
    Row("complaint-follow", "POST", "complaint", ""),
    Row("complaint-unfollow", "POST", "complaint", ""),
    Row("recovery-help", "GET", "", ALL + "i"),
    Row("recoveries", "GET", "", ALL),
    Row("recoveries-given", "GET", "", ALL),
    Row("recoveries-export", "POST", "", ALL),
    Row("delay-cost", "GET", "", ALL),
    Row("delay-cost-export", "POST", "", ALL),
    Row("delay-cost-branch", "GET", "branch", ALL, first=True),
    Row("delayed-complaints-export", "POST", "", ALL),
    Row("recovery-offers", "GET", "", ADMIN),
    Row("recovery-offer-new", "GET", "", ADMIN),
    Row("recovery-offer-new", "POST", "", ADMIN),
    Row("recovery-offer", "GET", "offer", ADMIN),
    Row("recovery-offer", "POST", "offer", ADMIN),
    Row("recovery-limits", "GET", "", ADMIN),
    Row("recovery-limits", "POST", "", ADMIN),
    Row("delay-price", "GET", "", ADMIN),
    Row("delay-price", "POST", "", ADMIN),
    Row("work-orders", "GET", "", ALL + "i"),
    Row("work-orders-documents", "POST", "", ALL),
    Row("work-order-print", "GET", "order", ALL),
    Row("work-order-document", "GET", "order", ALL),
    Row("notice-print", "GET", "notice", ALL),
    Row("notice-document", "GET", "notice", ALL),
    Row("complaint-print", "GET", "complaint", ALL),
    Row("complaint-document", "GET", "complaint", ALL),
    Row("work-order-new", "POST", "complaint", HANDLING),
    Row("work-order", "GET", "order", ALL),
    Row("work-order-save", "POST", "order", HANDLING),
    Row("work-order-submit", "POST", "order", HANDLING),
    Row("work-order-return", "POST", "order", QUALITY),
    Row("work-order-confirm", "POST", "order", QUALITY),
    Row("work-order-attach", "POST", "order", HANDLING),
    Row("work-order-versions", "GET", "order", ALL),
    Row("work-order-file", "GET", "evidence", ALL),
    Row("work-order-open", "GET", "", QUALITY),
    Row("work-order-open", "POST", "", QUALITY),
    Row("work-order-open-finding", "GET", "", QUALITY),
    Row("work-order-open-finding", "POST", "", QUALITY),
    Row("work-order-complaints", "GET", "order", ALL),
    Row("work-order-complaints", "POST", "order", HANDLING),
    Row("work-order-complaint-remove", "POST", "order", HANDLING),
    Row("dissatisfied-items", "GET", "", ALL + "i"),
    Row("dissatisfied-items-export", "POST", "", ALL),
    Row("dissatisfied-item-new", "GET", "", QUALITY),
    Row("dissatisfied-item-new", "POST", "", QUALITY),
    Row("dissatisfied-item", "GET", "item", ALL),
    Row("dissatisfied-item-edit", "GET", "item", QUALITY),
    Row("dissatisfied-item-edit", "POST", "item", QUALITY),
    Row("dissatisfied-item-order", "POST", "item", QUALITY),
    Row("dissatisfied-item-set-aside", "POST", "item", QUALITY),
    Row("dissatisfied-item-take-up", "POST", "item", QUALITY),
    Row("complaint-accountability", "GET", "complaint", QUALITY),
    Row("complaint-accountability", "POST", "complaint", QUALITY),
    Row("work-order-accountability", "GET", "order", HANDLING),
    Row("work-order-accountability", "POST", "order", HANDLING),
    Row("suppliers", "GET", "", ALL),
    Row("suppliers-export", "POST", "", ALL),
    Row("supplier", "GET", "supplier", ALL),
    Row("supplier-new", "GET", "", HANDLING + "al"),
    Row("supplier-new", "POST", "", HANDLING + "al"),
    Row("supplier-edit", "GET", "supplier", QUALITY + "al", first=True),
    Row("supplier-edit", "POST", "supplier", QUALITY + "al", first=True),
    Row("assessments", "GET", "", ALL + "i"),
    Row("assessments-export", "POST", "", ALL),
    Row("assessment-totals", "GET", "", ALL),
    Row("assessment-new", "GET", "", PROPOSING),
    Row("assessment-new", "POST", "", PROPOSING),
    Row("assessment", "GET", "assessment", ALL),
    # The service director decides, the general manager answers.
    Row("assessment-decide", "POST", "assessment", ""),
    Row("assessment-reject", "POST", "assessment", ""),
    Row("assessment-appeal", "POST", "assessment", "m"),
    Row("assessment-finish", "POST", "assessment", ""),
    Row("assessment-rules", "GET", "", ADMIN),
    Row("assessment-rule-new", "GET", "", ADMIN),
    Row("assessment-rule-new", "POST", "", ADMIN),
    Row("assessment-rule", "GET", "rule", ADMIN),
    Row("assessment-rule", "POST", "rule", ADMIN),
    Row("work-order-effect", "POST", "order", HANDLING),
    Row("work-order-improvement", "POST", "order", HANDLING),
    Row("measures", "GET", "", ALL + "i"),
    Row("measure", "GET", "measure", ALL),
    Row("measure-finish", "POST", "measure", HANDLING),
    Row("measure-drop", "POST", "measure", QUALITY),
    Row("measure-lessons", "GET", "measure", ALL),
    Row("measure-file", "GET", "proof", ALL),
    Row("checks", "GET", "", ALL + "i"),
    Row("check", "GET", "check", ALL),
    Row("check-decide", "POST", "check", QUALITY),
    Row("lessons", "GET", "", ALL + "i"),
    Row("lessons-spread", "GET", "", ALL + "i"),
    Row("lesson", "GET", "lesson", ALL),
    Row("lesson-accept", "POST", "lesson", HANDLING),
    Row("lesson-decline", "POST", "lesson", HANDLING),
    Row("lesson-file", "GET", "lesson_proof", ALL),
    Row("improvements", "GET", "", ALL + "i"),
    Row("improvement", "GET", "improvement", ALL),
    Row("improvement-start", "POST", "improvement", QUALITY),
    Row("improvement-owner", "POST", "improvement", QUALITY),
    Row("improvement-finish", "POST", "improvement", QUALITY),
    Row("improvement-decline", "POST", "improvement", QUALITY),
    Row("callbacks", "GET", "", QUALITY),
    Row("callback", "GET", "complaint", QUALITY),
    Row("callback", "POST", "complaint", QUALITY),
    Row("complaint-phrase", "GET", "complaint", ALL),
    Row("phrases", "GET", "", STAFF + "al"),
    Row("phrase-new", "GET", "", STAFF + "al"),
    Row("phrase-new", "POST", "", STAFF + "al"),
    Row("phrase-edit", "GET", "phrase", STAFF + "al", first=True),
    Row("phrase-edit", "POST", "phrase", STAFF + "al", first=True),
    Row("phrase-delete", "POST", "phrase", STAFF + "al", first=True),
    Row("categories", "GET", "", ADMIN),
    Row("category-new", "GET", "", ADMIN),
    Row("category-new", "POST", "", ADMIN),
    Row("category-edit", "GET", "category", ADMIN),
    Row("category-edit", "POST", "category", ADMIN),
    Row("numbering", "GET", "", "aq"),
    Row("numbers", "GET", "paper", "aq"),
    Row("numbering-example", "GET", "paper", "aq"),
    Row("numbering-set", "POST", "paper", ADMIN),
    Row("document-templates", "GET", "", ADMIN),
    Row("document-template", "GET", "paper", ADMIN),
    Row("document-template", "POST", "paper", ADMIN),
    Row("document-template-try", "POST", "paper", ADMIN),
    Row("document-template-file", "GET", "paper", ADMIN),
    Row("document-template-default", "GET", "paper", ADMIN),
    Row("document-template-example", "GET", "paper", ADMIN),
    Row("document-template-reset", "POST", "paper", ADMIN),
    Row("policies", "GET", "", "al" + QUALITY),
    Row("policy-new", "GET", "", ADMIN),
    Row("policy-new", "POST", "", ADMIN),
    Row("policy", "GET", "policy", "al" + QUALITY),
    Row("policy-edit", "GET", "policy", ADMIN),
    Row("policy-edit", "POST", "policy", ADMIN),
    Row("policy-move", "POST", "policy", ADMIN),
    Row("policy-compare", "GET", "policy", "al" + QUALITY),
    Row("policy-recalculate", "GET", "policy", ADMIN),
    Row("policy-recalculate", "POST", "policy", ADMIN),
    Row("imports", "GET", "", COMPANY_IMPORT),
    Row("imports-export", "POST", "", COMPANY_IMPORT),
    Row("import-new", "GET", "", COMPANY_IMPORT),
    Row("import-new", "POST", "", COMPANY_IMPORT),
    Row("import-template", "GET", "", COMPANY_IMPORT),
    Row("import-profile-delete", "POST", "profile", COMPANY_IMPORT),
    Row("import", "GET", "import", COMPANY_IMPORT),
    Row("import-columns", "GET", "import", COMPANY_IMPORT),
    Row("import-columns", "POST", "import", COMPANY_IMPORT),
    Row("import-start", "POST", "import", COMPANY_IMPORT),
    Row("import-undo", "POST", "import", COMPANY_IMPORT),
    Row("import-keep", "POST", "import", COMPANY_IMPORT),
    Row("import-errors", "GET", "import_file", COMPANY_IMPORT),
    Row("operations", "GET", "", "al" + QUALITY),
    Row("message-send-again", "POST", "failed", "al" + QUALITY, first=True),
    Row("messages-send-again", "POST", "", "al" + QUALITY),
    Row("job-again", "POST", "given_up", "al" + QUALITY, first=True),
    Row("clock-release", "POST", "stuck", "al" + QUALITY, first=True),
    Row("customers", "GET", "", ALL),
    Row("customer-new", "GET", "", STAFF),
    Row("customer-new", "POST", "", STAFF),
    Row("customer", "GET", "customer", ALL),
    Row("customer-edit", "GET", "customer", STAFF),
    Row("customer-edit", "POST", "customer", STAFF),
    Row("customer-contact-new", "POST", "customer", STAFF),
    Row("customer-contact-reveal", "POST", "contact", ALL),
    Row("logout", "POST", "", ALL + "i"),
    Row("inbox", "GET", "", ALL + "i"),
    Row("inbox-read-all", "POST", "", ALL + "i"),
    Row("inbox-open", "POST", "message", ALL + "i"),
    Row("jobs", "GET", "", ALL + "i"),
    Row("job", "GET", "job", ALL + "i"),
    Row("job-cancel", "POST", "job", ALL + "i"),
    Row("job-file", "GET", "job_file", ALL + "i"),
    Row("settings", "GET", "", ALL + "i"),
    Row("roles", "GET", "", "al"),
    Row("profile", "GET", "", ALL + "i"),
    Row("profile-language", "POST", "", ALL + "i"),
    Row("profile-shortcuts", "POST", "", ALL + "i"),
    Row("profile-password", "POST", "", ALL + "i"),
    Row("profile-messages", "POST", "", ALL + "i"),
    Row("absence", "POST", "", ALL + "i"),
    Row("absence-end", "POST", "", ALL + "i"),
    Row("token-new", "POST", "", ALL + "i"),
    Row("token-revoke", "POST", "token", ALL + "i"),
    Row("branches", "GET", "", "al"),
    Row("branch-new", "GET", "", "al"),
    Row("branch-new", "POST", "", "al"),
    Row("branch-edit", "GET", "branch", "al"),
    Row("branch-edit", "POST", "branch", "al"),
    Row("people", "GET", "", "mal"),
    Row("person-absence", "GET", "person", "mal"),
    Row("person-absence", "POST", "person", "mal"),
    Row("person-absence-end", "POST", "person", "mal"),
    Row("person-new", "GET", "", "al"),
    Row("person-new", "POST", "", "al"),
    Row("person-edit", "GET", "person", "al"),
    Row("person-edit", "POST", "person", "al"),
    Row("person-password", "GET", "person", "al"),
    Row("person-password", "POST", "person", "al"),
    Row("calendars", "GET", "", ADMIN),
    Row("calendars", "POST", "", ADMIN),
    Row("calendar", "GET", "calendar", ADMIN),
    Row("calendar-load-year", "POST", "calendar", ADMIN),
    Row("calendar-set-day", "POST", "calendar", ADMIN),
    Row("calendar-remove-day", "POST", "day", ADMIN),
    # Closed rankings are everybody's; the lists behind the figures are not.
    Row("rankings", "GET", "", ALL + "i"),
    Row("api-ranking", "GET", "period", ALL + "i"),
    Row("api-schema", "GET", "", ALL + "i"),
    Row("api-docs", "GET", "", ALL + "i"),
    Row("api-me", "GET", "", ALL + "i"),
    Row("api-branches", "GET", "", ALL + "i"),
    Row("api-categories", "GET", "", ALL + "i"),
    Row("api-customers", "GET", "", ALL),
    Row("api-customer", "GET", "customer", ALL),
    Row("api-complaints", "GET", "", ALL + "i"),
    Row("api-complaints", "POST", "", STAFF),
    Row("api-complaints-bulk", "POST", "", STAFF),
    Row("api-complaint", "GET", "complaint", ALL),
    Row("api-complaint-clocks", "GET", "complaint", ALL),
    Row("api-attachment", "GET", "file", ALL),
    Row("api-complaint-triage", "POST", "complaint", QUALITY),
    Row("api-complaint-propose-invalid", "POST", "complaint", QUALITY),
    Row("api-complaint-confirm-invalid", "POST", "complaint", QUALITY),
    Row("api-complaint-reject-invalid", "POST", "complaint", QUALITY),
    Row("api-complaint-accept", "POST", "complaint", HANDLING),
    Row("api-complaint-apologise", "POST", "complaint", HANDLING),
    Row("api-complaint-answer", "POST", "complaint", HANDLING),
    Row("api-complaint-callback", "POST", "complaint", QUALITY),
    Row("api-complaint-assign", "POST", "complaint", "m" + QUALITY),
    Row("api-complaint-transfer", "POST", "complaint", "m" + QUALITY),
    Row("api-complaint-reopen", "POST", "complaint", QUALITY),
    Row("api-complaint-close", "POST", "complaint", QUALITY),
    Row("api-complaint-decline", "POST", "complaint", HANDLING),
    Row("api-complaint-restore", "POST", "complaint", QUALITY),
    Row("api-complaint-pause", "POST", "complaint", HANDLING),
    Row("api-complaint-resume", "POST", "complaint", HANDLING),
    Row("api-complaint-correct-receipt", "POST", "complaint", QUALITY),
    Row("api-complaint-ask-waiver", "POST", "complaint", HANDLING),
    Row("api-complaint-grant-waiver", "POST", "complaint", QUALITY),
    Row("api-complaint-decline-waiver", "POST", "complaint", QUALITY),
    Row("api-complaint-merge", "POST", "complaint", QUALITY),
    Row("api-complaint-urge", "POST", "complaint", STAFF),
    Row("api-complaint-note", "POST", "complaint", STAFF),
    Row("api-complaint-attachments", "POST", "complaint", STAFF),
    Row("api-complaint-work-orders", "POST", "complaint", HANDLING),
    Row("api-dissatisfied-items", "GET", "", ALL + "i"),
    Row("api-dissatisfied-items", "POST", "", QUALITY),
    Row("api-dissatisfied-item", "GET", "item", ALL),
    Row("api-dissatisfied-item", "PATCH", "item", QUALITY),
    Row("api-dissatisfied-item-work-orders", "POST", "item", QUALITY),
    Row("api-dissatisfied-item-set-aside", "POST", "item", QUALITY),
    Row("api-dissatisfied-item-take-up", "POST", "item", QUALITY),
    Row("api-complaint-recoveries", "GET", "complaint", ALL),
    Row("api-complaint-recoveries", "POST", "complaint", STAFF),
    Row("api-recovery-approve", "POST", "recovery", ""),
    Row("api-recovery-decline", "POST", "recovery", ""),
    Row("api-recovery-cancel", "POST", "recovery", "sn"),
    Row("api-complaint-challenges", "GET", "complaint", ALL),
    Row("api-complaint-challenges", "POST", "complaint", ""),
    Row("api-challenge-answer", "POST", "challenge", "q"),
    Row("api-complaint-follow", "POST", "complaint", ""),
    Row("api-complaint-unfollow", "POST", "complaint", ""),
    Row("api-recovery-offers", "GET", "", ALL + "i"),
    Row("api-recovery-offers", "POST", "", ADMIN),
    Row("api-recovery-offer", "PATCH", "offer", ADMIN),
    Row("api-recovery-limits", "GET", "", ALL + "i"),
    Row("api-recovery-limits", "PUT", "", ADMIN),
    Row("api-recoveries", "GET", "", ALL),
    Row("api-recoveries-given", "GET", "", ALL),
    Row("api-delay-cost", "GET", "", ALL),
    Row("api-delayed-complaints", "GET", "", ALL),
    Row("api-delay-price", "GET", "", ALL),
    Row("api-delay-price", "PUT", "", ADMIN),
    Row("api-work-orders", "GET", "", ALL + "i"),
    Row("api-work-orders", "POST", "", QUALITY),
    Row("api-work-order-complaints", "POST", "order", HANDLING),
    Row("api-work-order-complaint", "DELETE", "served", HANDLING),
    Row("api-work-order", "GET", "order", ALL),
    Row("api-work-order", "PATCH", "order", HANDLING),
    Row("api-work-order-versions", "GET", "order", ALL),
    Row("api-work-order-submit", "POST", "order", HANDLING),
    Row("api-work-order-return", "POST", "order", QUALITY),
    Row("api-work-order-confirm", "POST", "order", QUALITY),
    Row("api-work-order-attachments", "POST", "order", HANDLING),
    Row("api-evidence", "GET", "evidence", ALL),
    Row("api-work-order-annul", "POST", "order", QUALITY),
    Row("api-complaint-document", "GET", "complaint", ALL),
    Row("api-work-order-document", "GET", "order", ALL),
    Row("api-notice-document", "GET", "notice", ALL),
    Row("api-notices", "GET", "", ALL + "i"),
    Row("api-notices", "POST", "", "rq"),
    Row("api-notice", "GET", "notice", ALL),
    Row("api-notice", "PATCH", "draft", "rq"),
    Row("api-notice-consult", "POST", "draft", "rq"),
    Row("api-notice-publish", "POST", "draft", "rq"),
    Row("api-notice-withdraw", "POST", "draft", "rq"),
    Row("api-notice-acknowledge", "POST", "notice", "smn"),
    Row("api-notice-opinion", "POST", "notice", "smn"),
    Row("api-notice-correct", "POST", "notice", "q"),
    Row("api-complaint-accountability", "POST", "complaint", QUALITY),
    Row("api-suppliers", "GET", "", ALL),
    Row("api-suppliers", "POST", "", HANDLING + "al"),
    Row("api-supplier", "GET", "supplier", ALL),
    Row("api-supplier", "PATCH", "supplier", QUALITY + "al"),
    Row("api-assessments", "GET", "", ALL + "i"),
    Row("api-assessments", "POST", "", PROPOSING),
    Row("api-assessment", "GET", "assessment", ALL),
    Row("api-assessment-decide", "POST", "assessment", ""),
    Row("api-assessment-reject", "POST", "assessment", ""),
    Row("api-assessment-appeal", "POST", "assessment", "m"),
    Row("api-assessment-finish", "POST", "assessment", ""),
    Row("api-work-order-report-effect", "POST", "order", HANDLING),
    Row("api-work-order-improvements", "POST", "order", HANDLING),
    Row("api-measures", "GET", "", ALL + "i"),
    Row("api-measure", "GET", "measure", ALL),
    Row("api-measure-finish", "POST", "measure", HANDLING),
    Row("api-measure-drop", "POST", "measure", QUALITY),
    Row("api-measure-file", "GET", "proof", ALL),
    Row("api-checks", "GET", "", ALL + "i"),
    Row("api-check", "GET", "check", ALL),
    Row("api-check-decide", "POST", "check", QUALITY),
    Row("api-lessons", "GET", "", ALL + "i"),
    Row("api-lesson", "GET", "lesson", ALL),
    Row("api-lesson-accept", "POST", "lesson", HANDLING),
    Row("api-lesson-decline", "POST", "lesson", HANDLING),
    Row("api-lesson-file", "GET", "lesson_proof", ALL),
    Row("api-improvements", "GET", "", ALL + "i"),
    Row("api-improvement", "GET", "improvement", ALL),
    Row("api-improvement-start", "POST", "improvement", QUALITY),
    Row("api-improvement-give", "POST", "improvement", QUALITY),
    Row("api-improvement-finish", "POST", "improvement", QUALITY),
    Row("api-improvement-decline", "POST", "improvement", QUALITY),
)
