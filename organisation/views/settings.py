"""The way to everything that can be set, as far as the person may."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import ROLE_VERBS, can, require, sees_everything
from organisation.actions import calendars
from organisation.doors import me
from organisation.models import Person, Role


@dataclass(frozen=True)
class Place:
    """A page of the settings; without a verb, everybody's."""

    url_name: str
    label: Promise
    text: Promise
    verb: str = ""
    # Shared by the whole company: for a posting at the headquarters only.
    is_shared: bool = False

    def is_open_to(self, person: Person) -> bool:
        if self.is_shared:
            return sees_everything(person, self.verb)
        return not self.verb or can(person, self.verb)


PLACES = (
    Place("profile", _("My profile"), _("Language, e-mail, being away, password, my rights")),
    Place("branches", _("Branches"), _("The tree of regions and branches"), "branch.edit"),
    Place("people", _("People"), _("Logins, postings, roles, who is away"), "absence.edit"),
    Place("roles", _("Roles"), _("What each role may do"), "settings.see"),
    Place(
        "phrases",
        _("Canned replies"),
        _("What is often said to customers, ready to insert"),
        "phrase.edit",
    ),
    Place("categories", _("Categories"), _("What complaints are about"), "category.edit", True),
    Place(
        "calendars",
        _("Work calendars"),
        _("Holidays and make-up working days"),
        "calendar.edit",
        True,
    ),
    Place("policies", _("Policies"), _("Targets, clocks, and who hears when"), "policy.see"),
    Place(
        "numbering",
        _("Numbers of documents"),
        _("Their templates, and all numbers that were given"),
        "numbering.see",
        True,
    ),
    Place(
        "document-templates",
        _("Document templates"),
        _("Work order, notice and sheet as Word files in the company's own look"),
        "template.edit",
        True,
    ),
    Place(
        "recovery-offers",
        _("Service recovery"),
        _("What may be offered to customers, and up to which amount"),
        "recovery.edit",
        True,
    ),
    Place(
        "promises",
        _("Service promises"),
        _("What customers may rely on, and how often it was broken"),
        "promise.edit",
        True,
    ),
    Place(
        "delay-price",
        _("Price of delay"),
        _("What one unit of delay costs"),
        "delay_price.edit",
        True,
    ),
    Place(
        "assessment-rules",
        _("Assessment rules"),
        _("What a breach of a rule usually costs"),
        "assessment_rule.edit",
        True,
    ),
    Place(
        "imports",
        _("Imports"),
        _("Complaints from the files of other systems"),
        "complaint.import",
        True,
    ),
    Place(
        "closing-rule",
        _("Time for disputes"),
        _("How long branches may contest a ranking before it is frozen"),
        "ranking.rules",
        True,
    ),
    Place(
        "access-records",
        _("Looks at personal data"),
        _("Who saw what, when and why"),
        "access.see",
    ),
    Place(
        "value-rules",
        _("Rules of customer value"),
        _("From which figures on a customer has a tier or a stage"),
        "customer.rules",
        True,
    ),
    Place(
        "talk-texts",
        _("What to say to customers"),
        _("Words for the page of a customer, by stage and tier or grade"),
        "customer.rules",
        True,
    ),
    Place(
        "ranking-rules",
        _("Weights of the ranking"),
        _("What the score of branches is made of, and when a part counts"),
        "ranking.rules",
        True,
    ),
    Place(
        "visit-cadence",
        _("How often customers are visited"),
        _("Days between two visits, by tier and grade"),
        "customer.rules",
        True,
    ),
    Place(
        "care-rules",
        _("Rules of care"),
        _("Festivals, who is thought of, and the added services"),
        "customer.rules",
        True,
    ),
    Place(
        "customer-imports",
        _("Imports of customers"),
        _("Customers, and what they ship every month"),
        "customer.import",
        True,
    ),
    Place(
        "customer-privacy",
        _("Personal data of customers"),
        _("What is kept and why, for how long, and who is due"),
        "customer.erase",
        True,
    ),
    Place(
        "operations", _("Operations"), _("Sweeps, failed messages, stuck clocks"), "operations.see"
    ),
)
# In words, for the table of rights; the order is the table's.
VERB_WORDS = {
    "complaint.see": _("See complaints"),
    "complaint.log": _("Log a complaint"),
    "complaint.note": _("Add note"),
    "complaint.urge": _("Urge"),
    "complaint.accept": _("Accept"),
    "complaint.apologise": _("Record the apology"),
    "complaint.answer": _("Record the result"),
    "complaint.triage": _("Judge valid, name the branch"),
    "complaint.invalidate": _("Propose and confirm invalid"),
    "complaint.assign": _("Assign"),
    "complaint.transfer": _("Transfer"),
    "complaint.reopen": _("Reopen"),
    "complaint.close": _("Close"),
    "complaint.merge": _("Merge"),
    "complaint.pause": _("Pause and resume"),
    "complaint.ask_waiver": _("Ask for a waiver"),
    "complaint.waive": _("Grant and decline waivers"),
    "complaint.correct_receipt": _("Correct the time of receipt"),
    "complaint.import": _("Import complaints"),
    "complaint.follow": _("Follow for the customer"),
    "complaint.challenge": _("Challenge a result or a verdict"),
    "challenge.answer": _("Answer challenges"),
    "recovery.give": _("Give recoveries up to the limit"),
    "recovery.decide": _("Decide on recoveries"),
    "recovery.edit": _("Set what may be offered, and the limits"),
    "promise.edit": _("Keep the service promises"),
    "delay_price.edit": _("Set the price of delay"),
    "item.see": _("See dissatisfied items"),
    "item.record": _("Enter dissatisfied items"),
    "work_order.see": _("See work orders"),
    "work_order.open": _("Open work orders"),
    "work_order.write": _("Write work orders"),
    "work_order.confirm": _("Confirm and return work orders"),
    "accountability.write": _("Write down who answers"),
    "assessment.see": _("See assessments of branches"),
    "assessment.see_personal": _("See assessments of people"),
    "assessment.propose": _("Propose assessments"),
    "assessment.decide": _("Decide assessments"),
    "assessment.decide_removal": _("Decide about removals from a post"),
    "assessment.appeal": _("Appeal for the branch"),
    "assessment.finish": _("Answer appeals"),
    "assessment_rule.edit": _("Edit the rules of assessments"),
    "supplier.see": _("See suppliers"),
    "supplier.add": _("Add suppliers"),
    "supplier.edit": _("Edit suppliers"),
    "work_order.annul": _("Annul work orders"),
    "notice.see": _("See notices"),
    "notice.write": _("Draft notices"),
    "notice.publish": _("Publish and withdraw notices"),
    "notice.opine": _("Give the opinion of the own unit"),
    "notice.acknowledge": _("Acknowledge notices for the own branch"),
    "numbering.see": _("See the numbers given"),
    "numbering.edit": _("Set the templates of numbers"),
    "lesson.answer": _("Take up or decline what others learned"),
    "improvement.request": _("Ask for QC topics and courses"),
    "improvement.edit": _("Run QC topics and courses"),
    "callback.record": _("Call back"),
    "survey.see": _("See surveys"),
    "survey.edit": _("Prepare surveys and questionnaires"),
    "survey.enter": _("Enter the answers of customers"),
    "incentive.see": _("See the incentives"),
    "points.see": _("See the points of others"),
    "points.give": _("Give points and take them back"),
    "points.edit": _("Edit the rules of points and the rewards"),
    "thanks.note": _("Note whom customers thanked"),
    "redemption.decide": _("Approve and refuse redemptions"),
    "redemption.hand_over": _("Hand rewards over"),
    "fund.see": _("See the award fund"),
    "fund.edit": _("Set the budget of the award fund"),
    "contest.write": _("Write plans for the contest"),
    "contest.run": _("Hold contests"),
    "contest.judge": _("Give marks in contests"),
    "star.nominate": _("Name candidates for the service star"),
    "star.edit": _("Hold the election of the service star"),
    "star.decide": _("Confirm the elected service star"),
    "micro_report.write": _("Write micro-reports"),
    "micro_report.arrange": _("Plan turns and awareness checks of the branch"),
    "micro_report.review": _("Review and publish micro-reports"),
    "audit.see": _("See audits"),
    "audit.answer": _("Answer checklists of the branch"),
    "audit.run": _("Plan and hold audits"),
    "tip.handle": _("Look into tips of the report line"),
    "tip.identity": _("See who reported"),
    "induction.see": _("See plans for new staff"),
    "induction.plan": _("Plan the first months of new staff"),
    "induction.confirm": _("Confirm mentors and results of new staff"),
    "training.edit": _("Keep courses and sessions"),
    "knowledge.answer": _("Answer and review questions to experts"),
    "task_force.edit": _("Set up task forces"),
    "account_review.see": _("See reviews of account managers"),
    "account_review.decide": _("Decide reviews of account managers"),
    "satisfaction.edit": _("Hold staff satisfaction surveys"),
    "satisfaction.words": _("Read the words of staff satisfaction surveys"),
    "scorecard.see": _("See scorecards of others"),
    "scorecard.edit": _("Set up and close scorecards"),
    "scorecard.answer": _("Answer appeals against scorecards"),
    "customer.see": _("See customers"),
    "customer.edit": _("Edit customers"),
    "customer.merge": _("Merge customers that are one"),
    "customer.privacy": _("Take out all data about a customer"),
    "customer.erase": _("Anonymise customers"),
    "customer.reveal": _("See whole numbers and addresses, with a reason"),
    "access.see": _("See who looked at personal data"),
    "customer.import": _("Import customers and volumes"),
    "customer.judge": _("Set tiers and stages of customers by hand"),
    "customer.file": _("Write files of key accounts, and read confidential ones"),
    "customer.rules": _("Edit the rules of customer value"),
    "customer.hand_over": _("Hand customers over"),
    "customer.notify": _("Write to segments of customers"),
    "ranking.see": _("See rankings"),
    "ranking.rules": _("Set how rankings are counted and closed"),
    "period.close": _("Close and revise periods"),
    "period.dispute": _("Dispute what a period counts against the branch"),
    "report.subscribe": _("Subscribe to weekly and monthly reports"),
    "period.decide": _("Decide disputes of other branches"),
    "branch.see": _("See branches"),
    "branch.edit": _("Edit branches"),
    "person.see": _("See people"),
    "person.edit": _("Edit people"),
    "absence.edit": _("Say who is away"),
    "category.edit": _("Edit categories"),
    "calendar.edit": _("Edit calendars"),
    "policy.see": _("See policies"),
    "policy.edit": _("Edit policies"),
    "view.share": _("Share views"),
    "phrase.edit": _("Keep canned replies"),
    "phrase.share": _("Share canned replies"),
    "template.edit": _("Replace document templates"),
    "settings.see": _("See the settings"),
    "operations.see": _("See operations"),
}


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    person = me(request)
    places = [place for place in PLACES if place.is_open_to(person)]
    warns = sees_everything(person, "calendar.edit")
    today = timezone.localdate(clock.now())
    context = {
        "places": places,
        "unannounced": calendars.unannounced_year(today) if warns else None,
    }
    return page(request, "organisation/settings.html", context)


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The whole table of rights, as the program has it."""
    require(me(request), "settings.see")
    rows = [
        (verb, words, [(role, verb in ROLE_VERBS[role.value]) for role in Role])
        for verb, words in VERB_WORDS.items()
    ]
    return page(request, "organisation/roles.html", {"rows": rows, "roles": list(Role)})
