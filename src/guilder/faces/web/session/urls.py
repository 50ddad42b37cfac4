"""Addresses of signing in, the first set-up and going elsewhere."""

from django.urls import path

from guilder.faces.web.session import (
    directory,
    founding,
    joining,
    mailing,
    passkeys,
    proving,
    setup,
    views,
)

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second_step, name="second_step"),
    path("sign-in/passkey/begin/", passkeys.begin, name="passkey_begin"),
    path("sign-in/passkey/", passkeys.finish, name="passkey_finish"),
    path("sign-in/with/<slug:code>/", directory.begin, name="directory_begin"),
    path("sign-in/return/", directory.arrive, name="directory_return"),
    path("confirm/", proving.confirm, name="confirm"),
    path("forgotten/", mailing.forgotten, name="forgotten"),
    path("register/", mailing.register, name="register"),
    path("mail-sent/", mailing.mail_sent, name="mail_sent"),
    path("reset/", mailing.reset, name="reset"),
    path("reset/<str:secret>/", mailing.arrive, {"kind": "reset"}, name="reset_link"),
    path("activate/", mailing.activate, name="activate"),
    path("activate/<str:secret>/", mailing.arrive, {"kind": "activate"}, name="activate_link"),
    path("join/", joining.join, name="join"),
    path("join/<str:secret>/", joining.arrive, name="join_link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("switch/", views.switch_organization, name="switch_organization"),
    path("organizations/new/", founding.organization_new, name="organization_new"),
    path("setup/", setup.setup, name="setup"),
    path("setup/company/", setup.company, name="setup_company"),
    path("setup/given/", setup.given, name="setup_given"),
    path("setup/start/", setup.start, name="setup_start"),
    path("setup/demo/", setup.look_around, name="setup_demo"),
]
