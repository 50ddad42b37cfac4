"""The head of the invoice editor; its lines are plain rows, read by `lines_of`."""

from collections.abc import Mapping

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms

CELLS = ("item", "name", "description", "quantity", "unit", "unit_price", "tax")
TYPED = ("name", "description", "unit_price")


class InvoiceForm(forms.PaperForm):
    """Who it is for, when, and on what terms."""

    client = django_forms.CharField(
        required=False, widget=django_forms.HiddenInput(attrs={"data-name": "client"})
    )
    client_name = forms.text(_("Client"), required=True)
    delivered_on = forms.day(_("Service date"))
    net_days = forms.number(_("Payment terms"))
    currency = forms.choice(_("Currency"))
    order_reference = forms.text(_("Client reference"))
    period_start = forms.day(_("Service from"))
    period_end = forms.day(_("Service to"))
    discount = forms.number(_("Discount"))
    buyer_reference = forms.text(_("Buyer reference"))
    message = forms.long_text(_("Message to the client"), rows=3)
    version = django_forms.CharField(required=False, widget=django_forms.HiddenInput)


def lines_of(posted: QueryDict) -> list[Mapping[str, str]]:
    """The rows of the line grid in their order, without those that nobody typed into.

    Each holds `key` and the raw text of every cell; the grid names its order in `lines` and a
    cell `lines-<key>-<cell>`.
    """
    rows = (
        {"key": key, **{cell: str(posted.get(f"lines-{key}-{cell}", "")).strip() for cell in CELLS}}
        for key in posted.getlist("lines")
    )
    return [row for row in rows if any(row[cell] for cell in TYPED)]
