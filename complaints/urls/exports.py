"""The addresses of lists as files; before those that take a complaint's number."""

from django.urls import URLPattern, path

from complaints.views import exports

urlpatterns: list[URLPattern] = [
    path("complaints/export/", exports.complaints, name="complaints-export"),
    path("work-orders/export/", exports.work_orders, name="work-orders-export"),
    path("notices/export/", exports.notices, name="notices-export"),
    path("callbacks/export/", exports.callbacks, name="callbacks-export"),
]
