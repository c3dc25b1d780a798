"""The addresses of customers."""

from customers.urls import customers, imports, value

urlpatterns = [
    *imports.urlpatterns,
    *value.urlpatterns,
    *customers.urlpatterns,
]
