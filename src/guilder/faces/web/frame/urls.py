"""Addresses of help, the session's own requests and the browser's reports."""

from django.urls import path

from guilder.faces.web.frame import help as helping
from guilder.faces.web.frame import reports, sessions

urlpatterns = [
    path("help/", helping.help_page, name="help"),
    path("session/", sessions.state, name="session"),
    path("session/extend/", sessions.extend, name="session_extend"),
    path("session/again/", sessions.again, name="session_again"),
    path("reports/policy/", reports.policy_report, name="policy_report"),
]
