"""The client in the editor: its card, a new one made in place, and the tax of a line in words."""

from collections.abc import Iterable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import choices
from guilder.faces.web.drafting.desk import Desk
from guilder.faces.web.shell import Visit, initials
from guilder.registers.parties import operations as partners
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner
from guilder.registers.tax.models import TaxCode

YEAR = timedelta(days=365)
SHORT = {"C62": gettext_lazy("pcs"), "HUR": gettext_lazy("h"), "LS": gettext_lazy("flat")}
UNTAXED = frozenset(("Z", "E", "AE", "K", "G", "O"))


def card_of(desk: Desk, visit: Visit) -> SimpleNamespace | None:
    """What stands under the client's name; None while none is chosen."""
    partner = desk.client
    if partner is None:
        return None
    address = next((one for one in partner.addresses.all() if one.use == "billing"), None)
    vat = next((one for one in partner.tax_ids.all() if one.scheme == "vat"), None)
    lines: list[str] = []
    if address:
        town = f"{address.postal_code} {address.city}".strip()
        is_home = address.country == visit.organization.country
        country = "" if is_home else choices.country_name(address.country)
        lines = [address.line1, town, country]
    return SimpleNamespace(
        id=partner.id,
        name=partner.name,
        initials=initials(partner.name),
        address=", ".join(line for line in lines if line),
        vat_id=vat.value if vat else "",
        vat_valid=bool(vat and vat.is_valid),
        email=email_of(partner),
        pays_in=pays_in(partner, visit),
        url=reverse("web:client", args=[partner.id]),
    )


def email_of(partner: Partner) -> str:
    """Where documents go."""
    contacts = sorted(partner.contacts.all(), key=lambda one: not one.is_primary)
    return next((one.email for one in contacts if one.email), partner.email)


def pays_in(partner: Partner, visit: Visit) -> str:
    """How long this client takes, where that is known."""
    if not visit.by.may("invoice.view"):
        return ""
    since = visit.today - YEAR
    days = invoicing.days_to_pay([partner.id], by=visit.by, since=since).get(partner.id)
    if days is None:
        return ""
    return ngettext("pays in about %(n)s day", "pays in about %(n)s days", days) % {"n": days}


def entered_client(name: str, email: str, visit: Visit) -> Partner:
    """The client of that name, entered with it and the organization's country if there is none.

    Raises Invalid, NotAllowed.
    """
    with visit.reading():
        found = parties.list_partners(visit.by.organization_id, side="customer").filter(
            name__iexact=name, archived_at=None
        )
        known = found.order_by("id").first()
    if known is not None:
        keep_email(known, email, visit)
        return known
    data: dict[str, Any] = {
        "kind": "company",
        "name": name,
        "address": {"country": visit.organization.country},
    }
    if email:
        data["email"] = email
    return partners.create_partner(by=visit.by, side="customer", data=data, at=visit.now)


def keep_email(partner: Partner, email: str, visit: Visit) -> None:
    """Give a client without an address for mails the one that was typed. Raises Invalid."""
    if not email or email_of(partner) or not visit.by.may("partner.edit"):
        return
    partners.update_partner(
        partner.id, by=visit.by, side="customer", data={"email": email}, at=visit.now
    )


def tax_pairs(codes: Iterable[TaxCode], *, on: date) -> choices.Pairs:
    """The active tax codes: 19%, 7%, and what is not taxed with its name."""
    codes = list(codes)
    names = {code.code: code for code in codes}
    found = []
    for code, label in choices.taxes(codes, on=on):
        one = names[code]
        if one.category in UNTAXED and label != one.name:
            label = _("%(rate)s %(name)s") % {"rate": label, "name": one.name}
        found.append((code, label))
    return found


def unit_pairs(used: Iterable[str]) -> choices.Pairs:
    """Units as narrow cells show them."""
    return [(code, str(SHORT.get(code, word))) for code, word in choices.units(used)]
