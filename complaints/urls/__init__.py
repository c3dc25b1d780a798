"""The addresses of complaints, work orders and callbacks."""

from complaints.urls import callbacks, complaints, work_orders

urlpatterns = [*complaints.urlpatterns, *work_orders.urlpatterns, *callbacks.urlpatterns]
