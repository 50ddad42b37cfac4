"""Addresses of the operator's page."""

from django.urls import path

from guilder.faces.web.operate import views

urlpatterns = [
    path("operate/", views.operate, name="operate"),
    path("operate/schedules/<str:name>/run/", views.run_now, name="operate_run"),
    path("operate/jobs/<int:job>/retry/", views.retry, name="operate_retry"),
]
