"""Addresses of the settings pages."""

from django.urls import path

from guilder.faces.web.settings import (
    books,
    data,
    documents,
    mail,
    numbers,
    organization,
    profile,
    security,
    taxes,
)

urlpatterns = [
    path("settings/", organization.organization, name="settings"),
    path("settings/documents/", documents.documents, name="settings_documents"),
    path("settings/documents/preview/", documents.look_preview, name="look_preview"),
    path("settings/numbers/", numbers.numbers, name="settings_numbers"),
    path("settings/words/", mail.words, name="settings_words"),
    path("settings/words/preview/", mail.words_preview, name="words_preview"),
    path("settings/words/reset/", mail.words_reset, name="words_reset"),
    path("settings/taxes/", taxes.tax_codes, name="settings_taxes"),
    path("settings/taxes/<uuid:code_id>/use/", taxes.tax_code_use, name="tax_code_use"),
    path("settings/accounts/", books.chart, name="settings_accounts"),
    path("settings/accounts/<uuid:account_id>/", books.chart, name="settings_account"),
    path("settings/bank/", books.bank, name="settings_bank"),
    path("settings/bank/<uuid:account_id>/show/", books.bank_show, name="bank_show"),
    path("settings/bank/<uuid:account_id>/remove/", books.bank_remove, name="bank_remove"),
    path("settings/rates/", books.exchange, name="settings_rates"),
    path("settings/mail/", mail.mail, name="settings_mail"),
    path("settings/data/", data.overview, name="settings_data"),
    path("settings/data/take/", data.take, name="data_take"),
    path("settings/data/export/", data.export, name="data_export"),
    path("profile/", profile.profile, name="profile"),
    path("profile/security/", security.security, name="profile_security"),
    path("profile/security/password/", security.password, name="profile_password"),
    path("profile/security/app/", security.app, name="security_app"),
    path("profile/security/codes/", security.codes, name="security_codes"),
    path(
        "profile/security/factors/<int:factor_id>/remove/",
        security.factor_remove,
        name="factor_remove",
    ),
    path("profile/security/passkey/begin/", security.passkey_begin, name="new_passkey_begin"),
    path("profile/security/passkey/", security.passkey_add, name="new_passkey"),
    path("profile/security/sessions/end/", security.sessions_end, name="sessions_end"),
    path(
        "profile/security/sessions/<uuid:session_id>/end/",
        security.session_end,
        name="profile_session_end",
    ),
    path(
        "profile/security/directories/<uuid:account_id>/unlink/",
        security.directory_unlink,
        name="directory_unlink",
    ),
    path("profile/picture/<uuid:user_id>/", profile.picture, name="profile_picture"),
]
