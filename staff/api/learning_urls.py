"""The addresses of what is known and learned under /api/v1/."""

from django.urls import path

from staff.api import accounts, induction, knowledge, task_forces, training, visits

QUESTION = "knowledge/<int:pk>/"
COURSE = "courses/<int:pk>/"
SESSION = "training-sessions/<int:pk>/"
INDUCTION = "inductions/<int:pk>/"
ANSWER = f"{QUESTION}answers/<int:answer_pk>/"
FORCE = "task-forces/<int:pk>/"
DUTY = "duties/<int:pk>/"

urlpatterns = [
    path("knowledge/", knowledge.Questions.as_view(), name="api-questions"),
    path(QUESTION, knowledge.OneQuestion.as_view(), name="api-question"),
    path(f"{QUESTION}answer/", knowledge.AnswerQuestion.as_view(), name="api-question-answer"),
    path(f"{QUESTION}close/", knowledge.CloseQuestion.as_view(), name="api-question-close"),
    path(f"{ANSWER}publish/", knowledge.PublishAnswer.as_view(), name="api-answer-publish"),
    path(f"{ANSWER}return/", knowledge.ReturnAnswer.as_view(), name="api-answer-return"),
    path("inductions/", induction.Inductions.as_view(), name="api-inductions"),
    path(INDUCTION, induction.OneInduction.as_view(), name="api-induction"),
    path(f"{INDUCTION}mentor/", induction.ProposeMentor.as_view(), name="api-induction-propose"),
    path(f"{INDUCTION}confirm/", induction.ConfirmMentor.as_view(), name="api-induction-confirm"),
    path(f"{INDUCTION}steps/", induction.AddStep.as_view(), name="api-induction-step"),
    path(f"{INDUCTION}steps/done/", induction.FinishStep.as_view(), name="api-induction-step-done"),
    path(f"{INDUCTION}assess/", induction.Assess.as_view(), name="api-induction-assess"),
    path(f"{INDUCTION}decide/", induction.DecideInduction.as_view(), name="api-induction-decide"),
    path("training-needs/", training.Needs.as_view(), name="api-training-needs"),
    path("courses/", training.Courses.as_view(), name="api-courses"),
    path(COURSE, training.OneCourse.as_view(), name="api-course"),
    path(f"{COURSE}close/", training.CloseCourse.as_view(), name="api-course-close"),
    path(f"{COURSE}effect/", training.CourseEffect.as_view(), name="api-course-effect"),
    path(f"{COURSE}sessions/", training.PlanSession.as_view(), name="api-course-sessions"),
    path("training-sessions/", training.Sessions.as_view(), name="api-sessions"),
    path(SESSION, training.OneSession.as_view(), name="api-session"),
    path(f"{SESSION}record/", training.RecordSession.as_view(), name="api-session-record"),
    path(f"{SESSION}cancel/", training.CancelSession.as_view(), name="api-session-cancel"),
    path("account-managers/", accounts.Managers.as_view(), name="api-account-managers"),
    path("account-reviews/", accounts.Reviews.as_view(), name="api-account-reviews"),
    path("account-reviews/<int:pk>/", accounts.OneReview.as_view(), name="api-account-review"),
    path("customers/<int:pk>/visits/", visits.Visits.as_view(), name="api-customer-visits"),
    path("task-forces/", task_forces.TaskForces.as_view(), name="api-task-forces"),
    path(FORCE, task_forces.OneTaskForce.as_view(), name="api-task-force"),
    path(f"{FORCE}edit/", task_forces.EditTaskForce.as_view(), name="api-task-force-edit"),
    path(f"{FORCE}end/", task_forces.EndTaskForce.as_view(), name="api-task-force-end"),
    path(f"{FORCE}duties/", task_forces.Duties.as_view(), name="api-task-force-duties"),
    path(DUTY, task_forces.OneDuty.as_view(), name="api-duty"),
    path(f"{DUTY}report/", task_forces.ReportDuty.as_view(), name="api-duty-report"),
    path(f"{DUTY}finish/", task_forces.FinishDuty.as_view(), name="api-duty-finish"),
    path(f"{DUTY}drop/", task_forces.DropDuty.as_view(), name="api-duty-drop"),
]
