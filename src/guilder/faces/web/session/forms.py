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


class CodeForm(forms.PaperForm):
    """The second step."""

    code = forms.text(
        _("Code"),
        required=True,
        limit=40,
        hint=_("From your authenticator app, or a recovery code."),
        autocomplete="one-time-code",
        inputmode="numeric",
        autofocus="",
    )


class ConfirmForm(forms.PaperForm):
    """A fresh proof."""

    secret = forms.secret(_("Password"), autocomplete="current-password", autofocus="")


class AddressForm(forms.PaperForm):
    """Whose password is forgotten."""

    email = forms.email(_("E-mail"), required=True, autocomplete="username", autofocus="")


class RegisterForm(forms.PaperForm):
    """Who wants an account; the password is chosen once the mail has arrived."""

    name = forms.text(_("Your name"), required=True, autocomplete="name", autofocus="")
    email = forms.email(_("E-mail"), required=True, autocomplete="username")


class NewPasswordForm(forms.PaperForm):
    """A password of one's own choice."""

    password = forms.secret(
        _("New password"),
        hint=_("At least 8 characters; a few words are good."),
        autocomplete="new-password",
        autofocus="",
    )


class ActivateForm(NewPasswordForm):
    """A new account: what one is called, and the password."""

    name = forms.text(_("Your name"), required=True, autocomplete="name")
    field_order = ["name", "password"]
