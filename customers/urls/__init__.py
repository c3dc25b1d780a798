"""The addresses of customers."""

from customers.urls import customers, imports, risks, value

urlpatterns = [
    *imports.urlpatterns,
    *risks.urlpatterns,
    *value.urlpatterns,
    *customers.urlpatterns,
]
