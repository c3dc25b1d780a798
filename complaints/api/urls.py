from django.urls import path

from complaints.api import (
    accountability,
    acts,
    assessments,
    bulk,
    challenges,
    complaints,
    delay_costs,
    files,
    items,
    learning,
    measures,
    notices,
    order_complaints,
    papers,
    promises,
    recoveries,
    suppliers,
    work_orders,
)

# Only these signs: what cannot be a number is not looked up.
ONE = "complaints/<slug:number>/"
ORDER = "work-orders/<int:pk>/"
PROOF = "files/<uuid:file_id>/"
FILE = "attachments/<uuid:file_id>/"
ITEM = "dissatisfied-items/<int:pk>/"
ACTS = {
    "triage": acts.Triage,
    "propose-invalid": acts.ProposeInvalid,
    "confirm-invalid": acts.ConfirmInvalid,
    "reject-invalid": acts.RejectInvalid,
    "accept": acts.Accept,
    "apologise": acts.Apologise,
    "answer": acts.GiveResult,
    "callback": acts.CallBack,
    "assign": acts.Assign,
    "transfer": acts.Transfer,
    "decline": acts.Decline,
    "restore": acts.Restore,
    "pause": acts.PauseClocks,
    "resume": acts.ResumeClocks,
    "correct-receipt": acts.CorrectReceipt,
    "ask-waiver": acts.AskWaiver,
    "grant-waiver": acts.GrantWaiver,
    "decline-waiver": acts.DeclineWaiver,
    "merge": acts.Merge,
    "urge": acts.Urge,
    "reopen": acts.Reopen,
    "close": acts.Close,
    "note": acts.WriteNote,
    "attachments": acts.Attach,
    "work-orders": work_orders.Draft,
}
ORDER_ACTS = {
    "submit": work_orders.Submit,
    "return": work_orders.Return,
    "confirm": work_orders.Confirm,
    "annul": work_orders.Annul,
    "report-effect": work_orders.ReportEffect,
    "improvements": learning.AskForImprovement,
    "attachments": work_orders.AddEvidence,
}
NOTICE = "notices/<int:pk>/"
NOTICE_ACTS = {
    "consult": notices.Consult,
    "opinion": notices.GiveOpinion,
    "publish": notices.Publish,
    "acknowledge": notices.Acknowledge,
    "withdraw": notices.Withdraw,
    "correct": notices.Correct,
}
RECOVERY_ACTS = {
    "approve": recoveries.Approve,
    "decline": recoveries.Decline,
    "cancel": recoveries.Cancel,
}
ASSESSMENT = "assessments/<int:pk>/"
ASSESSMENT_ACTS = {
    "decide": assessments.Decide,
    "reject": assessments.Reject,
    "appeal": assessments.Appeal,
    "finish": assessments.Finish,
}
RECORD_ACTS = {
    ("measures", "measure", "finish"): measures.FinishMeasure,
    ("measures", "measure", "drop"): measures.DropMeasure,
    ("effectiveness", "check", "decide"): learning.DecideCheck,
    ("lessons", "lesson", "accept"): learning.AcceptLesson,
    ("lessons", "lesson", "decline"): learning.DeclineLesson,
    ("improvements", "improvement", "start"): learning.StartImprovement,
    ("improvements", "improvement", "give"): learning.GiveImprovement,
    ("improvements", "improvement", "finish"): learning.FinishImprovement,
    ("improvements", "improvement", "decline"): learning.DeclineImprovement,
}

urlpatterns = [
    path("categories/", complaints.Categories.as_view(), name="api-categories"),
    path("complaints/", complaints.Complaints.as_view(), name="api-complaints"),
    path("complaints/bulk/", bulk.Bulk.as_view(), name="api-complaints-bulk"),
    path(ONE, complaints.OneComplaint.as_view(), name="api-complaint"),
    path(f"{ONE}clocks/", complaints.Clocks.as_view(), name="api-complaint-clocks"),
    path(f"{ONE}document/", papers.ComplaintDocument.as_view(), name="api-complaint-document"),
    path(f"{ORDER}document/", papers.OrderDocument.as_view(), name="api-work-order-document"),
    path(f"{NOTICE}document/", papers.NoticeDocument.as_view(), name="api-notice-document"),
    path(f"{ONE}{FILE}", files.OneAttachment.as_view(), name="api-attachment"),
    *(
        path(f"{ONE}{name}/", view.as_view(), name=f"api-complaint-{name}")
        for name, view in ACTS.items()
    ),
    path("dissatisfied-items/", items.DissatisfiedItems.as_view(), name="api-dissatisfied-items"),
    path(ITEM, items.OneItem.as_view(), name="api-dissatisfied-item"),
    path(
        f"{ITEM}work-orders/", items.ItemOrders.as_view(), name="api-dissatisfied-item-work-orders"
    ),
    path(f"{ITEM}set-aside/", items.SetAside.as_view(), name="api-dissatisfied-item-set-aside"),
    path(f"{ITEM}take-up/", items.TakeUp.as_view(), name="api-dissatisfied-item-take-up"),
    path(
        f"{ORDER}complaints/",
        order_complaints.OrderComplaints.as_view(),
        name="api-work-order-complaints",
    ),
    path(
        f"{ORDER}complaints/<slug:number>/",
        order_complaints.OneOrderComplaint.as_view(),
        name="api-work-order-complaint",
    ),
    path(f"{ONE}recoveries/", recoveries.OfComplaint.as_view(), name="api-complaint-recoveries"),
    *(
        path(f"{ONE}recoveries/<int:pk>/{name}/", view.as_view(), name=f"api-recovery-{name}")
        for name, view in RECOVERY_ACTS.items()
    ),
    path(f"{ONE}challenges/", challenges.Challenges.as_view(), name="api-complaint-challenges"),
    path(
        f"{ONE}challenges/<int:pk>/answer/",
        challenges.Answer.as_view(),
        name="api-challenge-answer",
    ),
    path(f"{ONE}follow/", challenges.Follow.as_view(), name="api-complaint-follow"),
    path(f"{ONE}unfollow/", challenges.Unfollow.as_view(), name="api-complaint-unfollow"),
    path("recovery-offers/", recoveries.Offers.as_view(), name="api-recovery-offers"),
    path("recovery-offers/<int:pk>/", recoveries.OneOffer.as_view(), name="api-recovery-offer"),
    path("recovery-limits/", recoveries.Limits.as_view(), name="api-recovery-limits"),
    path("recoveries/given/", recoveries.Given.as_view(), name="api-recoveries-given"),
    path("recoveries/", recoveries.Totals.as_view(), name="api-recoveries"),
    path("delay-cost/", delay_costs.DelayCosts.as_view(), name="api-delay-cost"),
    path("delay-cost/complaints/", delay_costs.Delayed.as_view(), name="api-delayed-complaints"),
    path("delay-cost/price/", delay_costs.Price.as_view(), name="api-delay-price"),
    path(f"{ORDER}{FILE}", files.OneEvidence.as_view(), name="api-evidence"),
    path("work-orders/", work_orders.WorkOrders.as_view(), name="api-work-orders"),
    path(ORDER, work_orders.OneWorkOrder.as_view(), name="api-work-order"),
    path(f"{ORDER}versions/", work_orders.Versions.as_view(), name="api-work-order-versions"),
    path("measures/", measures.Measures.as_view(), name="api-measures"),
    path("measures/<int:pk>/", measures.OneMeasure.as_view(), name="api-measure"),
    path(f"measures/<int:pk>/{PROOF}", measures.MeasureFileDoor.as_view(), name="api-measure-file"),
    path("effectiveness/", learning.Checks.as_view(), name="api-checks"),
    path("effectiveness/<int:pk>/", learning.OneCheck.as_view(), name="api-check"),
    path("lessons/", learning.Lessons.as_view(), name="api-lessons"),
    path("lessons/<int:pk>/", learning.OneLesson.as_view(), name="api-lesson"),
    path(f"lessons/<int:pk>/{PROOF}", learning.LessonFileDoor.as_view(), name="api-lesson-file"),
    path("improvements/", learning.Improvements.as_view(), name="api-improvements"),
    path("improvements/<int:pk>/", learning.OneImprovement.as_view(), name="api-improvement"),
    *(
        path(f"{room}/<int:pk>/{act}/", view.as_view(), name=f"api-{name}-{act}")
        for (room, name, act), view in RECORD_ACTS.items()
    ),
    *(
        path(f"{ORDER}{name}/", view.as_view(), name=f"api-work-order-{name}")
        for name, view in ORDER_ACTS.items()
    ),
    path("notices/", notices.Notices.as_view(), name="api-notices"),
    path(NOTICE, notices.OneNotice.as_view(), name="api-notice"),
    *(
        path(f"{NOTICE}{name}/", view.as_view(), name=f"api-notice-{name}")
        for name, view in NOTICE_ACTS.items()
    ),
    path(
        f"{ONE}accountability/",
        accountability.ComplaintAccountability.as_view(),
        name="api-complaint-accountability",
    ),
    path("assessments/", assessments.Assessments.as_view(), name="api-assessments"),
    path(ASSESSMENT, assessments.OneAssessment.as_view(), name="api-assessment"),
    *(
        path(f"{ASSESSMENT}{name}/", view.as_view(), name=f"api-assessment-{name}")
        for name, view in ASSESSMENT_ACTS.items()
    ),
    path("promises/", promises.Promises.as_view(), name="api-promises"),
    path("promises/broken/", promises.Broken.as_view(), name="api-promises-broken"),
    path(f"{ONE}promises/", promises.OfComplaint.as_view(), name="api-complaint-promises"),
    path("suppliers/", suppliers.Suppliers.as_view(), name="api-suppliers"),
    path("suppliers/<int:pk>/", suppliers.OneSupplier.as_view(), name="api-supplier"),
]
