"""The addresses of the settings that belong to complaints."""

from django.urls import URLPattern, path

from complaints.views import (
    categories,
    document_templates,
    numbering,
    operations,
    phrases,
    policies,
    policy_editor,
    recalculation,
    recovery_rules,
)

TEMPLATE = "settings/templates/<str:kind>/"

urlpatterns: list[URLPattern] = [
    path("settings/categories/", categories.categories, name="categories"),
    path("settings/categories/new/", categories.new, name="category-new"),
    path("settings/categories/<int:pk>/", categories.edit, name="category-edit"),
    path("settings/templates/", document_templates.templates, name="document-templates"),
    path(TEMPLATE, document_templates.template, name="document-template"),
    path(f"{TEMPLATE}try/", document_templates.try_out, name="document-template-try"),
    path(f"{TEMPLATE}file/", document_templates.file, name="document-template-file"),
    path(f"{TEMPLATE}default/", document_templates.default, name="document-template-default"),
    path(f"{TEMPLATE}example/", document_templates.example, name="document-template-example"),
    path(f"{TEMPLATE}reset/", document_templates.reset, name="document-template-reset"),
    path("settings/numbering/", numbering.numbering, name="numbering"),
    path("settings/numbering/<str:kind>/", numbering.numbers, name="numbers"),
    path("settings/numbering/<str:kind>/set/", numbering.set_template, name="numbering-set"),
    path("settings/numbering/<str:kind>/example/", numbering.example, name="numbering-example"),
    path("settings/phrases/", phrases.phrases, name="phrases"),
    path("settings/phrases/new/", phrases.new, name="phrase-new"),
    path("settings/phrases/<int:pk>/", phrases.edit, name="phrase-edit"),
    path("settings/phrases/<int:pk>/delete/", phrases.delete, name="phrase-delete"),
    path("settings/policies/", policies.policies, name="policies"),
    path("settings/policies/new/", policy_editor.new, name="policy-new"),
    path("settings/policies/<int:pk>/", policies.policy, name="policy"),
    path("settings/policies/<int:pk>/edit/", policy_editor.edit, name="policy-edit"),
    path("settings/policies/<int:pk>/move/", policies.move, name="policy-move"),
    path("settings/policies/<int:pk>/compare/", policies.compare, name="policy-compare"),
    path(
        "settings/policies/<int:pk>/recalculate/",
        recalculation.recalculate,
        name="policy-recalculate",
    ),
    path("settings/recovery/", recovery_rules.offers, name="recovery-offers"),
    path("settings/recovery/new/", recovery_rules.new, name="recovery-offer-new"),
    path("settings/recovery/<int:pk>/", recovery_rules.edit, name="recovery-offer"),
    path("settings/recovery/limits/", recovery_rules.limits, name="recovery-limits"),
    path("settings/delay-price/", recovery_rules.price, name="delay-price"),
    path("settings/operations/", operations.operations, name="operations"),
    path(
        "settings/operations/messages/<int:pk>/", operations.send_again, name="message-send-again"
    ),
    path(
        "settings/operations/letters/<int:pk>/",
        operations.send_letter_again,
        name="letter-send-again",
    ),
    path("settings/operations/messages/", operations.send_all_again, name="messages-send-again"),
    path("settings/operations/jobs/<int:pk>/", operations.start_again, name="job-again"),
    path("settings/operations/clocks/<int:pk>/", operations.release, name="clock-release"),
]
