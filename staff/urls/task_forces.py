"""The addresses of task forces."""

from django.urls import URLPattern, path

from staff.views import task_forces

ONE = "staff/task-forces/<int:pk>/"
DUTY = "staff/task-forces/duties/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/task-forces/", task_forces.forces, name="task-forces"),
    path("staff/task-forces/new/", task_forces.new, name="task-force-new"),
    path(ONE, task_forces.force, name="task-force"),
    path(f"{ONE}edit/", task_forces.edit, name="task-force-edit"),
    path(f"{ONE}end/", task_forces.end, name="task-force-end"),
    path(f"{ONE}duties/", task_forces.add_duty, name="task-force-duty"),
    path(DUTY, task_forces.duty, name="duty"),
    path(f"{DUTY}report/", task_forces.report, name="duty-report"),
    path(f"{DUTY}drop/", task_forces.drop, name="duty-drop"),
]
