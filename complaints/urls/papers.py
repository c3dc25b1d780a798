"""The addresses of what is printed or opened in Word; before those that take a number."""

from django.urls import URLPattern, path

from complaints.views import papers

ORDER, NOTICE = "work-orders/<int:pk>/", "notices/<int:pk>/"
COMPLAINT = "complaints/<str:number>/"

urlpatterns: list[URLPattern] = [
    path("work-orders/documents/", papers.all_orders, name="work-orders-documents"),
    path(f"{ORDER}print/", papers.order_print, name="work-order-print"),
    path(f"{ORDER}document/", papers.order_document, name="work-order-document"),
    path(f"{NOTICE}print/", papers.notice_print, name="notice-print"),
    path(f"{NOTICE}document/", papers.notice_document, name="notice-document"),
    path(f"{COMPLAINT}print/", papers.complaint_print, name="complaint-print"),
    path(f"{COMPLAINT}document/", papers.complaint_document, name="complaint-document"),
]
