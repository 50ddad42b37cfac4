"""The head of the editor; its lines are plain rows, read by `lines_of`."""

from collections.abc import Mapping

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms
from guilder.faces.web.drafting.terms import PARTS

CELLS = (
    *("at", "item", "name", "description", "quantity", "unit", "unit_price", "tax"),
    *("discount", "discount_unit", "period", "note"),
)
TYPED = ("name", "description", "unit_price", "item")
MOST_LINES = 5_000


def hidden(name: str = "") -> django_forms.CharField:
    """A value that travels along."""
    attributes = {"data-name": name} if name else {}
    widget = django_forms.HiddenInput(attrs=attributes)
    return django_forms.CharField(required=False, max_length=200, widget=widget)


class DraftForm(forms.PaperForm):
    """Who it is for, when, and on what terms."""

    client = hidden("client")
    client_name = forms.text(_("Client"), required=True)
    client_email = forms.email(_("E-mail for invoices"), autocomplete="off")
    kind = forms.choice(_("Kind"), required=False)
    issued_on = forms.day(_("Issue date"))
    valid_until = forms.day(_("Valid until"))
    terms = forms.choice(_("Payment terms"), required=False)
    net_days = forms.number(_("Days to pay"))
    early_percent = forms.number(_("Early payment discount"))
    early_days = forms.number(_("If paid within"))
    due_on = forms.day(_("Due on a fixed day"))
    period = forms.text(_("Service period"), limit=80, autocomplete="off")
    order_reference = forms.text(_("Client reference"))
    currency = forms.choice(_("Currency"))
    language = forms.choice(_("Language"), required=False)
    delivered_on = forms.day(_("Delivered on"))
    buyer_reference = forms.text(_("Buyer reference"))
    contract_reference = forms.text(_("Contract"))
    project_reference = forms.text(_("Project"))
    payment = forms.choice(_("Paid by"), required=False)
    discount = forms.number(_("Discount"))
    discount_unit = forms.choice(_("Discount is in"), required=False)
    discount_reason = forms.text(_("Discount for"))
    charge = forms.number(_("Extra charge"))
    charge_reason = forms.text(_("Charge for"))
    message = forms.long_text(_("Message to the client"), rows=3)
    version = hidden()


for _part in PARTS:
    DraftForm.base_fields[f"part{_part}_percent"] = forms.number(_("Share in percent"))
    DraftForm.base_fields[f"part{_part}_days"] = forms.number(_("Days after issue"))


def lines_of(posted: QueryDict) -> list[Mapping[str, str]]:
    """The rows of the line grid in their order, without those that nobody typed into.

    Each holds `key` and the raw text of every cell; the grid names its order in `lines` and a
    cell `lines-<key>-<cell>`.
    """
    rows = (
        {"key": key, **{cell: str(posted.get(f"lines-{key}-{cell}", "")).strip() for cell in CELLS}}
        for key in posted.getlist("lines")[:MOST_LINES]
    )
    return [row for row in rows if is_typed(row)]


def is_typed(row: Mapping[str, str]) -> bool:
    """Whether somebody typed something into a row."""
    return any(row[cell] for cell in TYPED)
