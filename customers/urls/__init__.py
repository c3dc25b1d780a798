"""The addresses of customers."""

from customers.urls import care, customers, imports, risks, standing, value, visits

urlpatterns = [
    *imports.urlpatterns,
    *risks.urlpatterns,
    *value.urlpatterns,
    *standing.urlpatterns,
    *visits.urlpatterns,
    *care.urlpatterns,
    *customers.urlpatterns,
]
