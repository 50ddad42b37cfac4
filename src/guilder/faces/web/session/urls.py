"""Addresses of signing in, the first set-up and going elsewhere."""

from django.urls import path

from guilder.faces.web.session import setup, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("switch/", views.switch_organization, name="switch_organization"),
    path("setup/", setup.setup, name="setup"),
    path("setup/company/", setup.company, name="setup_company"),
    path("setup/given/", setup.given, name="setup_given"),
    path("setup/start/", setup.start, name="setup_start"),
    path("setup/demo/", setup.look_around, name="setup_demo"),
]
