"""The addresses of who answers for what: accountability, suppliers, assessments."""

from django.urls import URLPattern, path

from complaints.views import accountability, assessment_rules, assessments, suppliers

urlpatterns: list[URLPattern] = [
    path(
        "complaints/<str:number>/accountability/",
        accountability.of_complaint,
        name="complaint-accountability",
    ),
    path(
        "work-orders/<int:pk>/accountability/",
        accountability.of_order,
        name="work-order-accountability",
    ),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/export/", suppliers.export, name="suppliers-export"),
    path("suppliers/new/", suppliers.new, name="supplier-new"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
    path("suppliers/<int:pk>/edit/", suppliers.edit, name="supplier-edit"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/export/", assessments.export, name="assessments-export"),
    path("assessments/totals/", assessments.totals, name="assessment-totals"),
    path("assessments/new/", assessments.new, name="assessment-new"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    *(
        path(
            f"assessments/<int:pk>/{name}/",
            assessments.act,
            {"name": name},
            name=f"assessment-{name}",
        )
        for name in assessments.ACTS
    ),
    path("settings/assessment-rules/", assessment_rules.rules, name="assessment-rules"),
    path("settings/assessment-rules/new/", assessment_rules.new, name="assessment-rule-new"),
    path("settings/assessment-rules/<int:pk>/", assessment_rules.edit, name="assessment-rule"),
]
