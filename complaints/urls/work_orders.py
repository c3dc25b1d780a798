"""The addresses of work orders."""

from django.urls import URLPattern, path

from complaints.views import (
    annulling,
    order_complaints,
    order_opening,
    work_order_list,
    work_order_versions,
    work_orders,
)

urlpatterns: list[URLPattern] = [
    path("work-orders/", work_order_list.work_orders, name="work-orders"),
    path("work-orders/new/", order_opening.by_hand, name="work-order-open"),
    path("work-orders/new/finding/", order_opening.from_finding, name="work-order-open-finding"),
    path("complaints/<str:number>/work-orders/", work_orders.new, name="work-order-new"),
    path("work-orders/<int:pk>/", work_orders.work_order, name="work-order"),
    path("work-orders/<int:pk>/save/", work_orders.save, name="work-order-save"),
    path("work-orders/<int:pk>/submit/", work_orders.submit, name="work-order-submit"),
    path("work-orders/<int:pk>/return/", work_orders.send_back, name="work-order-return"),
    path("work-orders/<int:pk>/confirm/", work_orders.confirm, name="work-order-confirm"),
    path(
        "work-orders/<int:pk>/complaints/",
        order_complaints.complaints,
        name="work-order-complaints",
    ),
    path(
        "work-orders/<int:pk>/complaints/remove/",
        order_complaints.remove,
        name="work-order-complaint-remove",
    ),
    path(
        "work-orders/<int:pk>/versions/", work_order_versions.versions, name="work-order-versions"
    ),
    path("work-orders/<int:pk>/annul/", annulling.annul, name="work-order-annul"),
    path("work-orders/<int:pk>/files/", work_orders.attach, name="work-order-attach"),
    path("work-orders/<int:pk>/files/<uuid:file_id>/", work_orders.file, name="work-order-file"),
]
