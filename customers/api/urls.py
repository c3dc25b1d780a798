from django.urls import path

from customers.api import views, volumes

urlpatterns = [
    path("customers/", views.Customers.as_view(), name="api-customers"),
    path("customers/<int:pk>/", views.OneCustomer.as_view(), name="api-customer"),
    path("customers/<int:pk>/volumes/", volumes.OfCustomer.as_view(), name="api-customer-volumes"),
    path("customer-volumes/", volumes.Volumes.as_view(), name="api-volumes"),
]
