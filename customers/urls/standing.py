"""The addresses of one customer's page: its parts, ladders, file, and what to say."""

from django.urls import URLPattern, path

from customers.views import account_files, card, ladders

ONE = "customers/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("customers/talk/", account_files.talk_texts, name="talk-texts"),
    path(
        "customers/talk/<int:pk>/remove/", account_files.remove_talk_text, name="talk-text-remove"
    ),
    path(f"{ONE}glance/", card.glance, name="customer-glance"),
    path(f"{ONE}timeline/", card.entries, name="customer-timeline"),
    path(f"{ONE}ladders/", ladders.ladders, name="customer-ladders"),
    path(f"{ONE}file/", account_files.file, name="customer-file"),
    path(f"{ONE}file/edit/", account_files.edit, name="customer-file-edit"),
    path(f"{ONE}competitors/", account_files.competitors, name="customer-competitors"),
]
