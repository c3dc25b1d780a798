"""The addresses of dissatisfied items."""

from django.urls import URLPattern, path

from complaints.views import exports, item_list, items

ONE = "dissatisfied-items/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("dissatisfied-items/", item_list.items, name="dissatisfied-items"),
    path("dissatisfied-items/export/", exports.items, name="dissatisfied-items-export"),
    path("dissatisfied-items/new/", items.new, name="dissatisfied-item-new"),
    path(ONE, items.item, name="dissatisfied-item"),
    path(f"{ONE}edit/", items.edit, name="dissatisfied-item-edit"),
    path(f"{ONE}order/", items.order, name="dissatisfied-item-order"),
    path(f"{ONE}set-aside/", items.set_aside, name="dissatisfied-item-set-aside"),
    path(f"{ONE}take-up/", items.take_up, name="dissatisfied-item-take-up"),
]
