"""The addresses of imports in the browser."""

from django.urls import URLPattern, path

from complaints.views import exports, import_columns, imports

ONE = "settings/imports/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("settings/imports/", imports.imports, name="imports"),
    path("settings/imports/export/", exports.imports, name="imports-export"),
    path("settings/imports/new/", imports.new, name="import-new"),
    path("settings/imports/template/", imports.template, name="import-template"),
    path(
        "settings/imports/profiles/<int:pk>/delete/",
        imports.delete_profile,
        name="import-profile-delete",
    ),
    path(ONE, imports.one, name="import"),
    path(f"{ONE}columns/", import_columns.columns, name="import-columns"),
    path(f"{ONE}start/", imports.start, name="import-start"),
    path(f"{ONE}undo/", imports.undo, name="import-undo"),
    path(f"{ONE}keep/", imports.keep, name="import-keep"),
    path(f"{ONE}files/<uuid:file_id>/", imports.errors, name="import-errors"),
]
