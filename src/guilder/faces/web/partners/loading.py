"""Loading clients from a table or from address cards."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guilder.faces.web import choices
from guilder.faces.web.door import page
from guilder.faces.web.lists import loading
from guilder.faces.web.lists.loading import Loading, Rows, Target
from guilder.faces.web.shell import Visit
from guilder.kernel.countries import COUNTRIES
from guilder.kernel.errors import GuilderError
from guilder.registers.parties import operations

TARGETS = (
    Target("name", _("Name"), ("company", "company name", "client", "customer", "firma", "kunde",
           "nom", "société", "cliente", "nombre", "naam", "bedrijf", "organization", "display name",
           "customer name", "client name", "full name")),
    Target("kind", _("Kind"), ("type", "art", "typ", "soort", "tipo")),
    Target("code", _("Number"), ("customer number", "client number", "kundennummer", "numéro",
           "número", "nummer", "account number", "no", "nr", "id")),
    Target("contact", _("Contact"), ("contact name", "contact person", "ansprechpartner",
           "kontakt", "contacto", "contactpersoon", "person")),
    Target("email", _("E-mail"), ("e mail", "mail", "email address", "e mail address", "correo",
           "courriel", "billing email")),
    Target("phone", _("Phone"), ("telephone", "telefon", "téléphone", "teléfono", "telefoon",
           "tel", "mobile", "phone number")),
    Target("website", _("Website"), ("web", "url", "homepage", "site")),
    Target("line1", _("Street"), ("address", "address line 1", "address 1", "street", "straße",
           "strasse", "adresse", "rue", "calle", "dirección", "straat", "adres",
           "billing street", "street address")),
    Target("line2", _("Address line 2"), ("address 2", "line 2", "adresszusatz")),
    Target("postal_code", _("Postal code"), ("zip", "zip code", "postcode", "plz", "code postal",
           "código postal", "postalcode")),
    Target("city", _("City"), ("town", "ort", "stadt", "ville", "ciudad", "stad", "plaats")),
    Target("region", _("Region"), ("state", "province", "bundesland", "county")),
    Target("country", _("Country"), ("land", "pays", "país", "country code")),
    Target("vat_id", _("VAT ID"), ("vat", "vat number", "vat id", "ust id", "ust idnr", "ustid",
           "tva", "nif", "btw", "btw nummer", "tax id", "vat no")),
    Target("currency", _("Currency"), ("währung", "devise", "moneda", "valuta")),
    Target("language", _("Language"), ("sprache", "langue", "idioma", "taal")),
    Target("notes", _("Notes"), ("note", "comment", "bemerkung", "notiz", "remarks")),
)  # fmt: skip
ADDRESS = ("line1", "line2", "postal_code", "city", "region", "country")
PEOPLE = {"individual", "person", "privat", "private", "particulier", "particular", "consumer"}
CARD = ("name", "kind", "contact", "email", "phone", "website", "line1", "line2", "postal_code",
        "city", "region", "country", "notes")  # fmt: skip


def wired(values: Mapping[str, str], visit: Visit) -> dict[str, Any]:
    """A row as the room takes it; where no country stands, the organization's own."""
    data: dict[str, Any] = {
        name: values[name]
        for name in ("name", "code", "email", "phone", "website", "currency", "language", "notes")
        if name in values
    }
    data["kind"] = "individual" if values.get("kind", "").casefold() in PEOPLE else "company"
    data["address"] = {name: values[name] for name in ADDRESS if name in values}
    data["address"]["country"] = country_of(values.get("country", "")) or visit.organization.country
    if "currency" in data:
        data["currency"] = data["currency"].upper()
    if "vat_id" in values:
        data["tax_ids"] = [{"scheme": "vat", "value": values["vat_id"]}]
    if "contact" in values:
        contact = {"name": values["contact"], "email": values.get("email", ""), "is_primary": True}
        data["contacts"] = [contact]
    return data


def country_of(text: str) -> str:
    """A country's code of its code or its name, in English or in the reader's language.

    An unknown one stays as it is.
    """
    plain = text.strip()
    if plain.upper() in COUNTRIES:
        return plain.upper()
    known = (*choices.countries_in("en"), *choices.countries())
    names = {label.casefold(): code for code, label in known}
    return names.get(plain.casefold(), plain)


def make(
    rows: Sequence[Mapping[str, Any]], visit: Visit, only_check: bool
) -> list[GuilderError | None]:
    """Enter all, or none where one has a fault."""
    return operations.create_partners(
        rows, by=visit.by, side="customer", at=visit.now, only_check=only_check
    )


# Address cards


def cards_of(text: str) -> Rows:
    """vCards (2.1 to 4.0) as rows of a table."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    rows: Rows = [list(CARD)]
    for body in re.findall(r"(?is)BEGIN:VCARD(.*?)END:VCARD", unfolded):
        rows.append([card_of(body).get(name, "") for name in CARD])
    return rows


def card_of(body: str) -> dict[str, str]:
    """One card's values by field."""
    found: dict[str, str] = {}
    for line in body.splitlines():
        head, _colon, value = line.partition(":")
        name = head.split(";")[0].rpartition(".")[2].upper()
        reader = CARD_LINES.get(name)
        if reader is not None and value.strip():
            for key, text in reader(value).items():
                found.setdefault(key, text)
    company, person = found.pop("company", ""), found.pop("person", "")
    found["kind"] = "company" if company else "individual"
    found["name"] = company or person
    if company and person and company != person:
        found["contact"] = person
    return found


def plain(text: str) -> str:
    """A value without the escapes of cards."""
    return re.sub(r"\\([,;\\])", r"\1", text.replace("\\n", "\n").replace("\\N", "\n")).strip()


def parts(text: str) -> list[str]:
    """The parts of a structured value."""
    return [plain(part) for part in re.split(r"(?<!\\);", text)]


def address_of(text: str) -> dict[str, str]:
    """ADR: box, extended, street, city, region, postal code, country."""
    _box, extended, street, city, region, code, country = [*parts(text), *[""] * 7][:7]
    values = {"line1": street, "line2": extended, "city": city, "region": region,
              "postal_code": code, "country": country}  # fmt: skip
    return {name: value for name, value in values.items() if value}


CARD_LINES: dict[str, Any] = {
    "FN": lambda text: {"person": plain(text)},
    "ORG": lambda text: {"company": parts(text)[0]},
    "EMAIL": lambda text: {"email": plain(text)},
    "TEL": lambda text: {"phone": plain(text.removeprefix("tel:"))},
    "URL": lambda text: {"website": plain(text)},
    "NOTE": lambda text: {"notes": plain(text)},
    "ADR": address_of,
}
CLIENTS = Loading(
    title=_("Import clients"),
    route="web:clients_import",
    home="web:clients",
    accept=".csv,.txt,.tsv,.vcf,text/csv,text/vcard",
    hint=_("A CSV file with one client a row, or address cards (vCard)."),
    targets=TARGETS,
    sample="Name;E-mail;Street;Postal code;City;Country;VAT ID",
    wire=wired,
    make=make,
    nouns=lambda n: (
        ngettext("%(n)s client is entered.", "%(n)s clients are entered.", n) % {"n": n}
    ),
    cards=cards_of,
)


@page("clients", "import.run")
def clients_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Load clients."""
    return loading.answer(request, visit, CLIENTS)
