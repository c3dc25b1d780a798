"""The Celery application and its whole schedule.

Beat only rings a bell. What is due stands in the database, where a sweep finds it and claims it: a
lost, late or doubled bell changes nothing, so none, one or two beats give the same result. The
schedule is made of plain intervals (no crontab: local time and its jumps belong to the sweeps), and
a bell that nobody heard before the next one expires.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csm.settings")

app = Celery("csm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Intervals need no memory, so there is no schedule file that a crash could spoil.
app.conf.beat_scheduler = "celery.beat:Scheduler"
app.conf.beat_max_loop_interval = 5
app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}
    for task, seconds, queue in (
        ("complaints.tasks.fire_timers", 15.0, "escalation"),
        ("organisation.tasks.deliver_messages", 15.0, "notify"),
        ("organisation.tasks.deliver_letters", 15.0, "bulk"),
        ("complaints.tasks.tell_managers", 60.0, "bulk"),
        ("complaints.tasks.draw_consequences", 60.0, "bulk"),
        ("reports.tasks.close_periods", 60.0, "bulk"),
        ("surveys.tasks.invite_after_closing", 60.0, "bulk"),
        ("surveys.tasks.ask_again", 60.0, "bulk"),
        ("surveys.tasks.send_invitations", 60.0, "bulk"),
        ("surveys.tasks.expire_invitations", 60.0, "bulk"),
        ("reports.tasks.run_jobs", 5.0, "bulk"),
        ("staff.tasks.settle_points", 60.0, "bulk"),
        ("staff.tasks.run_programme", 60.0, "bulk"),
        ("customers.tasks.refresh", 300.0, "bulk"),
        ("reports.tasks.refresh_summaries", 300.0, "bulk"),
        ("organisation.tasks.purge_files", 3600.0, "bulk"),
        ("organisation.tasks.purge_answers", 3600.0, "bulk"),
    )
}
