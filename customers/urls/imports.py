"""The addresses of tables that are imported."""

from django.urls import URLPattern, path

from customers.views import table_imports

ONE = "customers/imports/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("customers/imports/", table_imports.imports, name="customer-imports"),
    path("customers/imports/new/", table_imports.new, name="customer-import-new"),
    path(
        "customers/imports/template/<slug:kind>/",
        table_imports.template,
        name="customer-import-template",
    ),
    path(ONE, table_imports.one, name="customer-import"),
    path(f"{ONE}start/", table_imports.start, name="customer-import-start"),
    path(f"{ONE}errors/<uuid:file_id>/", table_imports.errors, name="customer-import-errors"),
]
