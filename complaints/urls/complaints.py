from django.urls import URLPattern, path

from complaints.views import (
    attachments,
    bulk,
    complaint,
    complaint_list,
    explained,
    intake,
    links,
    moves,
    my_work,
    news,
    of_customer,
    phrases,
    saved_views,
)
from complaints.views.offers import MOVES

ONE = "complaints/<str:number>/"

urlpatterns: list[URLPattern] = [
    path("", my_work.my_work, name="my-work"),
    path("complaints/", complaint_list.complaint_list, name="complaints"),
    path("complaints/news/", news.list_news, name="complaint-list-news"),
    path("complaints/new/", intake.intake, name="complaint-new"),
    path("customers/<int:pk>/complaints/", of_customer.customer, name="customer-complaints"),
    path("complaints/new/customers/", intake.customers, name="complaint-new-customers"),
    path("complaints/new/repeats/", intake.repeats, name="complaint-new-repeats"),
    path("complaints/bulk/", bulk.bulk, name="complaints-bulk"),
    path("complaints/bulk/<int:pk>/", bulk.result, name="bulk-result"),
    path("complaints/bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    path("complaints/views/", saved_views.saved_views, name="saved-views"),
    path("complaints/views/counts/", saved_views.counts, name="saved-view-counts"),
    path("complaints/views/new/", saved_views.new, name="saved-view-new"),
    path("complaints/views/<int:pk>/", saved_views.edit, name="saved-view"),
    path("complaints/views/<int:pk>/up/", saved_views.move_up, name="saved-view-up"),
    path("complaints/views/<int:pk>/delete/", saved_views.delete, name="saved-view-delete"),
    path("complaints/new/template/", intake.template, name="complaint-new-template"),
    path("complaints/handlers/", moves.handlers, name="complaint-handlers"),
    path(ONE, complaint.complaint, name="complaint"),
    path(f"{ONE}clocks/", explained.clocks, name="complaint-clocks"),
    path(f"{ONE}news/", news.complaint_news, name="complaint-news"),
    path(f"{ONE}phone/", complaint.phone, name="complaint-phone"),
    path(f"{ONE}link/renew/", links.renew, name="complaint-link-renew"),
    path(f"{ONE}link/revoke/", links.revoke, name="complaint-link-revoke"),
    path(f"{ONE}phrase/", phrases.text, name="complaint-phrase"),
    path(f"{ONE}files/<uuid:file_id>/", attachments.file, name="complaint-file"),
    *(
        path(f"{ONE}{action}/", moves.move, {"action": action}, name=found.url_name)
        for action, found in MOVES.items()
    ),
]
