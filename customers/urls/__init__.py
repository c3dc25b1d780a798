"""The addresses of customers."""

from customers.urls import customers, imports, risks, standing, value

urlpatterns = [
    *imports.urlpatterns,
    *risks.urlpatterns,
    *value.urlpatterns,
    *standing.urlpatterns,
    *customers.urlpatterns,
]
