"""The addresses of customers and their contacts."""

from django.urls import URLPattern, path

from customers.views import (
    customer_list,
    customers,
    erasing,
    exports,
    merging,
    personal_data,
    privacy,
)

urlpatterns: list[URLPattern] = [
    path("customers/", customer_list.customers, name="customers"),
    path("customers/export/", exports.customers, name="customers-export"),
    path("customers/duplicates/", merging.pairs, name="customer-duplicates"),
    path("customers/duplicates/apart/", merging.apart, name="customer-duplicates-apart"),
    path("customers/<int:pk>/merge/", merging.merge, name="customer-merge"),
    path("customers/<int:pk>/corrections/", merging.corrections, name="customer-corrections"),
    path("customers/<int:pk>/data/", personal_data.data, name="customer-data"),
    path("customers/<int:pk>/anonymise/", erasing.prepare, name="customer-erase"),
    path("customers/<int:pk>/anonymise/now/", erasing.erase, name="customer-erase-now"),
    path("customers/<int:pk>/anonymise/drop/", erasing.drop, name="customer-erase-drop"),
    path("customers/privacy/", privacy.record, name="customer-privacy"),
    path("customers/privacy/due/", privacy.due, name="customer-privacy-due"),
    path("customers/new/", customers.new, name="customer-new"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.edit, name="customer-edit"),
    path("customers/<int:pk>/contacts/", customers.add_contact, name="customer-contact-new"),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/",
        customers.reveal,
        name="customer-contact-reveal",
    ),
]
