"""The forms of sign-in and first set-up."""

from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class SignInForm(forms.PaperForm):
    """A mail address and a password."""

    email = forms.email(_("E-mail"), required=True, autocomplete="username", autofocus="")
    password = forms.secret(_("Password"), autocomplete="current-password")
    code = forms.text(
        _("Code of the second factor"),
        limit=40,
        hint=_("From your authenticator app, or a recovery code."),
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class PersonForm(forms.PaperForm):
    """Who sets the installation up."""

    name = forms.text(_("Your name"), required=True, autocomplete="name", autofocus="")
    email = forms.email(_("E-mail"), required=True, autocomplete="username")
    password = forms.secret(
        _("Password"), hint=_("At least 8 characters."), autocomplete="new-password"
    )


class CompanyForm(forms.PaperForm):
    """Whom the documents come from, and where that is."""

    company = forms.text(_("Company"), required=True, autocomplete="organization", autofocus="")
    country = forms.choice(_("Country"), autocomplete="country")
