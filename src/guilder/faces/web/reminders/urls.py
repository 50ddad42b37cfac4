"""Addresses of reminders."""

from django.urls import path

from guilder.faces.web.reminders import ladders, resting, views

INVOICE = "invoices/<uuid:invoice_id>/"
CLIENT = "clients/<uuid:client_id>/"
urlpatterns = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/send/", views.reminders_send, name="reminders_send"),
    path("reminders/skip/", views.reminders_skip, name="reminders_skip"),
    path("reminders/preview/", views.reminder_preview, name="reminder_preview"),
    path("reminders/preview.pdf", views.reminder_draft_pdf, name="reminder_draft_pdf"),
    path("reminders/<uuid:reminder_id>/", views.reminder, name="reminder"),
    path("reminders/<uuid:reminder_id>/pdf/", views.reminder_pdf, name="reminder_pdf"),
    path("reminders/<uuid:reminder_id>/posted/", views.reminder_posted, name="reminder_posted"),
    path("reminders/holds/<uuid:hold_id>/end/", resting.hold_end, name="hold_end"),
    path("disputes/<uuid:dispute_id>/settle/", resting.dispute_settle, name="dispute_settle"),
    path("handovers/<uuid:handover_id>/file/", resting.handover_file, name="handover_file"),
    path(f"{INVOICE}pause/", resting.invoice_pause, name="invoice_pause"),
    path(f"{INVOICE}promise/", resting.invoice_promise, name="invoice_promise"),
    path(f"{INVOICE}object/", resting.invoice_object, name="invoice_object"),
    path(f"{INVOICE}hand-over/", resting.invoice_hand_over, name="invoice_hand_over"),
    path(f"{CLIENT}pause/", resting.client_pause, name="client_pause"),
    path(f"{CLIENT}reminding/", resting.client_reminding, name="client_reminding"),
    path("settings/reminders/", ladders.ladders, name="settings_reminders"),
    path("settings/reminders/start/", ladders.ladder_start, name="ladder_start"),
    path("settings/reminders/new/", ladders.ladder, name="ladder_new"),
    path("settings/reminders/<uuid:ladder_id>/", ladders.ladder, name="ladder"),
    path(
        "settings/reminders/<uuid:ladder_id>/delete/", ladders.ladder_delete, name="ladder_delete"
    ),
    path("settings/reminders/rates/", ladders.reference_rate, name="reference_rate"),
    path(
        "settings/reminders/rates/<uuid:rate_id>/remove/",
        ladders.reference_rate_remove,
        name="reference_rate_remove",
    ),
]
