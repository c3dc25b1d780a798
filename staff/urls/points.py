"""The addresses of points."""

from django.urls import URLPattern, path

from staff.views import boards, home, point_rules, points

urlpatterns: list[URLPattern] = [
    path("staff/", home.home, name="staff"),
    path("staff/points/", points.own, name="points"),
    path("staff/points/export/", points.export, name="points-export"),
    path("staff/points/shown/", points.shown, name="points-shown"),
    path("staff/points/give/", points.give, name="points-give"),
    path("staff/points/people/<int:pk>/", points.of_person, name="points-of-person"),
    path("staff/points/<int:pk>/take-back/", points.take_back, name="points-take-back"),
    path("staff/board/", boards.board, name="points-board"),
    path("staff/board/export/", boards.export, name="points-board-export"),
    path("staff/rules/", point_rules.rules, name="point-rules"),
    path("staff/rules/new/", point_rules.new, name="point-rule-new"),
    path("staff/rules/<int:pk>/", point_rules.edit, name="point-rule"),
    path("staff/rules/<int:pk>/delete/", point_rules.delete, name="point-rule-delete"),
]
