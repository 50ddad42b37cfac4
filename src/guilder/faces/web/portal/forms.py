"""The forms of the portal."""

from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class PersonForm(forms.PaperForm):
    """Who one is, and how one reads."""

    name = forms.text(_("Your name"), required=True, autocomplete="name")
    language = forms.choice(_("Language"), required=False)
