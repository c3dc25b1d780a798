"""The addresses of notices."""

from django.urls import URLPattern, path

from complaints.views import notice_list, notices

urlpatterns: list[URLPattern] = [
    path("notices/", notice_list.notices, name="notices"),
    path("notices/new/", notices.new, name="notice-new"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/save/", notices.save, name="notice-save"),
    path("notices/<int:pk>/consult/", notices.consult, name="notice-consult"),
    path("notices/<int:pk>/opinion/", notices.opinion, name="notice-opinion"),
    path("notices/<int:pk>/publish/", notices.publish, name="notice-publish"),
    path("notices/<int:pk>/acknowledge/", notices.acknowledge, name="notice-acknowledge"),
    path("notices/<int:pk>/withdraw/", notices.withdraw, name="notice-withdraw"),
    path("notices/<int:pk>/correct/", notices.correct, name="notice-correct"),
]
