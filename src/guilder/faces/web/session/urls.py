"""Addresses of signing in, the first set-up and going elsewhere."""

from django.urls import path

from guilder.faces.web.session import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("setup/", views.setup, name="setup"),
    path("switch/", views.switch_organization, name="switch_organization"),
]
