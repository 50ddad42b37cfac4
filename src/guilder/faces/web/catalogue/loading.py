"""Loading items from a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.lists import loading
from guilder.faces.web.lists.loading import Loading, Target
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import GuilderError
from guilder.registers.catalogue import operations

TARGETS = (
    Target("name", _("Name"), ("item", "product", "article", "artikel", "bezeichnung", "produkt",
           "nom", "produit", "nombre", "producto", "naam", "product name", "title")),
    Target("code", _("Code"), ("sku", "number", "artikelnummer", "référence", "código", "nummer",
           "item code", "item number", "article number")),
    Target("description", _("Description"), ("beschreibung", "descripción", "omschrijving",
           "details")),
    Target("kind", _("Kind"), ("type", "art", "typ", "soort", "tipo")),
    Target("unit", _("Unit"), ("einheit", "unité", "unidad", "eenheid", "uom")),
    Target("price", _("Price"), ("unit price", "preis", "einzelpreis", "prix", "precio", "prijs",
           "rate", "amount", "sales price", "net price")),
    Target("currency", _("Currency"), ("währung", "devise", "moneda", "valuta")),
    Target("tax", _("Tax"), ("tax code", "vat", "steuer", "mwst", "ust", "tva", "iva", "btw")),
)  # fmt: skip
GOODS = {"goods", "product", "ware", "produkt", "produit", "producto"}


def wired(values: Mapping[str, str], visit: Visit) -> dict[str, Any]:
    """A row as the room takes it; a price is in the organization's currency where none stands."""
    data: dict[str, Any] = {
        name: values[name] for name in ("name", "code", "description", "tax") if name in values
    }
    if "kind" in values:
        kind = values["kind"].casefold()
        data["kind"] = "goods" if kind in GOODS else kind
    if "unit" in values:
        data["unit"] = unit_of(values["unit"])
    if "price" in values:
        currency = values.get("currency", visit.organization.base_currency).upper()
        data["prices"] = [{"currency": currency, "amount": typed.number(values["price"])}]
    return data


def unit_of(text: str) -> str:
    """A unit's code of its code or word."""
    words = {str(word).casefold(): code for code, word in choices.UNITS.items()}
    return words.get(text.casefold(), text.upper())


def make(
    rows: Sequence[Mapping[str, Any]], visit: Visit, only_check: bool
) -> list[GuilderError | None]:
    """Enter all, or none where one has a fault."""
    return operations.create_items(rows, by=visit.by, at=visit.now, only_check=only_check)


ITEMS = Loading(
    title=_("Import items"),
    route="web:items_import",
    home="web:items",
    accept=".csv,.txt,.tsv,text/csv",
    hint=_("A CSV file with one item a row."),
    targets=TARGETS,
    sample="Name;Code;Unit;Price;Currency;Tax",
    wire=wired,
    make=make,
    nouns=lambda n: ngettext("%(n)s item is entered.", "%(n)s items are entered.", n) % {"n": n},
)


@page("items", "import.run")
def items_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Load items."""
    return loading.answer(request, visit, ITEMS)
