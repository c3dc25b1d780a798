from django.urls import URLPattern, path

from complaints.views import (
    attachments,
    complaint,
    complaint_list,
    explained,
    intake,
    moves,
    my_work,
    news,
)
from complaints.views.offers import MOVES

ONE = "complaints/<str:number>/"

urlpatterns: list[URLPattern] = [
    path("", my_work.my_work, name="my-work"),
    path("complaints/", complaint_list.complaint_list, name="complaints"),
    path("complaints/news/", news.list_news, name="complaint-list-news"),
    path("complaints/new/", intake.intake, name="complaint-new"),
    path("complaints/new/customers/", intake.customers, name="complaint-new-customers"),
    path("complaints/new/repeats/", intake.repeats, name="complaint-new-repeats"),
    path("complaints/handlers/", moves.handlers, name="complaint-handlers"),
    path(ONE, complaint.complaint, name="complaint"),
    path(f"{ONE}clocks/", explained.clocks, name="complaint-clocks"),
    path(f"{ONE}news/", news.complaint_news, name="complaint-news"),
    path(f"{ONE}phone/", complaint.phone, name="complaint-phone"),
    path(f"{ONE}files/<uuid:file_id>/", attachments.file, name="complaint-file"),
    *(
        path(f"{ONE}{action}/", moves.move, {"action": action}, name=found.url_name)
        for action, found in MOVES.items()
    ),
]
