"""The addresses of the knowledge base."""

from django.urls import URLPattern, path

from staff.views import knowledge

ONE = "staff/knowledge/<int:pk>/"
ANSWER = f"{ONE}answers/<int:answer_pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/knowledge/", knowledge.questions, name="expert-questions"),
    path("staff/knowledge/new/", knowledge.new, name="expert-question-new"),
    path(ONE, knowledge.question, name="expert-question"),
    path(f"{ONE}answer/", knowledge.answer, name="expert-question-answer"),
    path(f"{ONE}close/", knowledge.close, name="expert-question-close"),
    path(f"{ANSWER}publish/", knowledge.publish, name="expert-answer-publish"),
    path(f"{ANSWER}return/", knowledge.give_back, name="expert-answer-return"),
    path("complaints/<str:number>/knowledge/", knowledge.beside, name="complaint-knowledge"),
]
