"""Addresses of the developers' pages."""

from django.urls import path

from guilder.faces.web.developer import keys

urlpatterns = [
    path("developer/keys/", keys.keys, name="developer_keys"),
    path("developer/keys/new/", keys.key_new, name="key_new"),
    path("developer/keys/<uuid:key_id>/rotate/", keys.key_rotate, name="key_rotate"),
    path("developer/keys/<uuid:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
]
