"""Addresses of the inbox."""

from django.urls import path

from guilder.faces.web.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/bell/", views.bell, name="bell"),
    path("inbox/notices/", views.notices, name="notices"),
    path("inbox/<uuid:task_id>/done/", views.task_done, name="task_done"),
    path("inbox/<uuid:task_id>/snooze/", views.task_snooze, name="task_snooze"),
    path("inbox/<uuid:task_id>/reopen/", views.task_reopen, name="task_reopen"),
    path("jobs/<uuid:progress_id>/", views.job, name="job"),
    path("jobs/<uuid:progress_id>/part/", views.job_part, name="job_part"),
    path("jobs/<uuid:progress_id>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<uuid:progress_id>/file/", views.job_file, name="job_file"),
]
