"""Addresses of help, the session's own requests and the browser's reports."""

from django.urls import path

from guilder.faces.web.frame import design, reports, sessions, shared
from guilder.faces.web.frame import help as helping

urlpatterns = [
    path("help/", helping.help_page, name="help"),
    path("shared/<str:stamp>/", shared.shared, name="shared"),
    path("shared/<str:name>/<str:stamp>/", shared.options, name="options"),
    path("session/", sessions.state, name="session"),
    path("session/extend/", sessions.extend, name="session_extend"),
    path("session/again/", sessions.again, name="session_again"),
    path("design/", design.design, name="design"),
    path("design/act/", design.act, name="design_act"),
    path("design/undo/", design.undo, name="design_undo"),
    path("design/sheet/", design.sheet, name="design_sheet"),
    path("design/breaks/", design.breaks, name="design_breaks"),
    path("reports/policy/", reports.policy_report, name="policy_report"),
]
