"""Addresses of the portal."""

from django.urls import path

from guilder.faces.web.portal import account, methods, opening, statements, views

urlpatterns = [
    path("portal/", views.home, name="portal"),
    path("portal/documents/", views.documents, name="portal_documents"),
    path("portal/documents/<uuid:invoice_id>/", opening.invoice, name="portal_invoice"),
    path("portal/documents/<uuid:invoice_id>/document.pdf", opening.pdf, name="portal_pdf"),
    path("portal/quotes/", views.quotes, name="portal_quotes"),
    path("portal/quotes/<uuid:quote_id>/", opening.quote, name="portal_quote"),
    path("portal/statement/", statements.statement, name="portal_statement"),
    path("portal/statement/statement.pdf", statements.as_pdf, name="portal_statement_pdf"),
    path("portal/statement/statement.csv", statements.as_csv, name="portal_statement_csv"),
    path("portal/methods/", methods.methods, name="portal_methods"),
    path("portal/methods/add/", methods.add, name="portal_method_add"),
    path("portal/methods/<uuid:setup_id>/added/", methods.added, name="portal_method"),
    path("portal/methods/<uuid:saved_id>/", methods.withdraw, name="portal_method_withdraw"),
    path("portal/account/", account.account, name="portal_account"),
    path("portal/account/password/", account.password, name="portal_password"),
    path("portal/account/elsewhere/", account.leave_others, name="portal_elsewhere"),
    path("portal/brand.css", opening.brand, name="portal_brand"),
    path("portal/logo", opening.logo, name="portal_logo"),
]
