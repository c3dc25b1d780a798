"""The addresses of questionnaires, below the surveys that ask them."""

from django.urls import URLPattern, path

from surveys.views import questionnaires, questions

HERE = "surveys/questionnaires/"
EDITION = f"{HERE}editions/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(HERE, questionnaires.questionnaires, name="questionnaires"),
    path(f"{HERE}new/", questionnaires.new, name="questionnaire-new"),
    path(f"{HERE}<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path(f"{HERE}<int:pk>/next/", questionnaires.next_edition, name="questionnaire-next"),
    path(EDITION, questionnaires.edition, name="edition"),
    path(f"{EDITION}words/", questionnaires.words, name="edition-words"),
    path(f"{EDITION}publish/", questionnaires.publish, name="edition-publish"),
    path(f"{EDITION}retire/", questionnaires.retire, name="edition-retire"),
    path(f"{EDITION}questions/new/", questions.new, name="question-new"),
    path(f"{EDITION}questions/from-bank/", questions.from_bank, name="question-from-bank"),
    path(f"{EDITION}questions/<slug:key>/", questions.edit, name="question"),
    path(f"{EDITION}questions/<slug:key>/change/", questions.change, name="question-change"),
]
