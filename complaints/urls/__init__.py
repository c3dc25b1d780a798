"""The addresses of complaints, work orders, callbacks, notices, and what is set for them."""

from complaints.urls import (
    callbacks,
    care,
    complaints,
    consequences,
    exports,
    imports,
    items,
    measures,
    notices,
    papers,
    public,
    settings,
    work_orders,
)

urlpatterns = [
    *public.urlpatterns,
    *exports.urlpatterns,
    *papers.urlpatterns,
    *consequences.urlpatterns,
    *complaints.urlpatterns,
    *care.urlpatterns,
    *work_orders.urlpatterns,
    *items.urlpatterns,
    *notices.urlpatterns,
    *measures.urlpatterns,
    *callbacks.urlpatterns,
    *settings.urlpatterns,
    *imports.urlpatterns,
]
