"""The forms of clients: a question, yes or no to a quote, a file to compare."""

from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class QuestionForm(forms.PaperForm):
    """A question about a document."""

    text = forms.long_text(_("Your question"), rows=4, limit=2000)
    name = forms.text(_("Your name"), limit=120, autocomplete="name")
    email = forms.email(_("Your e-mail"), autocomplete="email", inputmode="email")


class AcceptForm(forms.PaperForm):
    """The name of whoever accepts."""

    name = forms.text(_("Your name"), limit=120, autocomplete="name")


class DeclineForm(forms.PaperForm):
    """Why not, for those who want to say."""

    reason = forms.text(_("Reason"), limit=200)


class PartForm(forms.PaperForm):
    """How much is paid, and whether the service may keep the way of paying."""

    amount = forms.text(
        _("Another amount"), limit=20, hint=_("Empty for all that is open."), inputmode="decimal"
    )
    keep = forms.tick(_("Keep this way of paying for later invoices"))
    attempt = forms.text(_("Attempt"), limit=40)
