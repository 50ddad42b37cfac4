"""Addresses of the outbox."""

from django.urls import path

from guilder.faces.web.outbox import views

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:mail_id>/", views.outbox_message, name="outbox_message"),
    path("outbox/<uuid:mail_id>/retry/", views.outbox_retry, name="outbox_retry"),
    path("outbox/<uuid:mail_id>/undo/", views.outbox_undo, name="outbox_undo"),
]
