"""Addresses of channels and transmissions."""

from django.urls import path

from guilder.faces.web.channels import client, settings, transmissions

urlpatterns = [
    path("settings/channels/", settings.channels, name="settings_channels"),
    path("settings/channels/new/<slug:transport>/", settings.channel_new, name="channel_new"),
    path("settings/channels/<uuid:channel_id>/", settings.channel, name="settings_channel"),
    path("settings/channels/<uuid:channel_id>/try/", settings.channel_try, name="channel_try"),
    path(
        "settings/channels/<uuid:channel_id>/delete/", settings.channel_delete,
        name="channel_delete",
    ),
    path("clients/<uuid:client_id>/channel/", client.client_channel, name="client_channel"),
    path(
        "invoices/<uuid:invoice_id>/transmit/", transmissions.invoice_transmit,
        name="invoice_transmit",
    ),
    path("transmissions/", transmissions.transmissions, name="transmissions"),
    path(
        "transmissions/<uuid:transmission_id>/", transmissions.transmission, name="transmission"
    ),
    path(
        "transmissions/<uuid:transmission_id>/bytes/", transmissions.transmission_bytes,
        name="transmission_bytes",
    ),
    path(
        "transmissions/<uuid:transmission_id>/retry/", transmissions.transmission_retry,
        name="transmission_retry",
    ),
    path(
        "transmissions/<uuid:transmission_id>/cancel/", transmissions.transmission_cancel,
        name="transmission_cancel",
    ),
    path(
        "transmissions/<uuid:transmission_id>/answer/", transmissions.transmission_answer,
        name="transmission_answer",
    ),
]  # fmt: skip
