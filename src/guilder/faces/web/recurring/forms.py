"""The form of a recurring invoice."""

from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class RecurringForm(forms.PaperForm):
    """How often an invoice is made anew, and what happens then."""

    name = forms.text(_("Name"), required=True, limit=120, hint=_("Only you see it."))
    every = forms.number(_("Every"), required=True)
    unit = forms.choice(_("Unit"))
    first_on = forms.day(_("First period begins"), required=True)
    last_on = forms.day(_("Last day"), hint=_("Leave it empty to go on until you end it."))
    most = forms.number(_("Number of times"), hint=_("Instead of a last day."))
    in_advance = forms.choice(_("Invoiced"))
    act = forms.choice(_("Then"))
