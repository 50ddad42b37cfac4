"""Addresses of the bank's pages."""

from django.urls import path

from guilder.faces.web.bank import acts, desk, keeping, loading

LINE = "bank/lines/<uuid:line_id>/"
urlpatterns = [
    path("bank/", desk.bank, name="bank"),
    path("bank/match/", acts.lines_match, name="bank_match"),
    path("bank/import/", loading.bank_import, name="bank_import"),
    path("bank/statements/", loading.statements, name="bank_statements"),
    path("bank/rules/", keeping.rules, name="bank_rules"),
    path("bank/rules/new/", keeping.rule_new, name="bank_rule_new"),
    path("bank/rules/<uuid:rule_id>/", keeping.rule_edit, name="bank_rule"),
    path("bank/rules/<uuid:rule_id>/delete/", keeping.rule_delete, name="bank_rule_delete"),
    path("bank/accounts/", keeping.accounts, name="bank_accounts"),
    path("bank/accounts/<uuid:account_id>/", keeping.account_edit, name="bank_account"),
    path(f"{LINE}match/", acts.line_match, name="bank_line_match"),
    path(f"{LINE}exclude/", acts.line_exclude, name="bank_line_exclude"),
    path(f"{LINE}undo/", acts.line_undo, name="bank_line_undo"),
    path(f"{LINE}find/", acts.line_find, name="bank_line_find"),
]
