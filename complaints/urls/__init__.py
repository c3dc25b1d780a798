"""The addresses of complaints, work orders, callbacks, notices, and what is set for them."""

from complaints.urls import (
    callbacks,
    care,
    complaints,
    exports,
    imports,
    items,
    notices,
    papers,
    settings,
    work_orders,
)

urlpatterns = [
    *exports.urlpatterns,
    *papers.urlpatterns,
    *complaints.urlpatterns,
    *care.urlpatterns,
    *work_orders.urlpatterns,
    *items.urlpatterns,
    *notices.urlpatterns,
    *callbacks.urlpatterns,
    *settings.urlpatterns,
    *imports.urlpatterns,
]
