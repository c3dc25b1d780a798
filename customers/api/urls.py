from django.urls import path

from customers.api import views

urlpatterns = [
    path("customers/", views.Customers.as_view(), name="api-customers"),
    path("customers/<int:pk>/", views.OneCustomer.as_view(), name="api-customer"),
]
