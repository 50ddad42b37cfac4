"""Reading partners, and what a document needs to know of its two sides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.document import (
    Address,
    Contact,
    CreditTransfer,
    DirectDebit,
    Document,
    Identifier,
    Kind,
    Party,
    PaymentMeans,
)
from guilder.kernel.errors import NotFound
from guilder.kernel.period import Terms, terms_of
from guilder.registers.parties.guests import Guest as Guest
from guilder.registers.parties.guests import guests_of as guests_of
from guilder.registers.parties.models import (
    Partner,
    PartnerAddress,
    SellerAccount,
    SellerProfile,
    VatCheck,
)
from guilder.registers.parties.parts import add_parts as add_parts
from guilder.registers.parties.reach import assigned as assigned
from guilder.registers.parties.reach import names_of as names_of
from guilder.registers.parties.reach import own_clients as own_clients
from guilder.registers.parties.reach import portal_people as portal_people
from guilder.registers.parties.reach import reach_of as reach_of
from guilder.registers.parties.reach import seen_by as seen_by

MOST_LOOKED_AT = 2_000
SEPA_DEBIT = "59"  # UNTDID 4461
COLLECTED = (Kind.INVOICE, Kind.DEBIT_NOTE, Kind.DEPOSIT)
PARTS = ("addresses", "contacts", "tax_ids", "bank_accounts", "partnerships")

# One row with everything a draft copies: organization, seller, partner, partnership, and the
# partner's parts as JSON. With what is agreed stands the mandate by which the client's invoices are
# collected: it is of a room above, and asked for here because this is the one journey there is.
CONTEXT = """
SELECT o.base_currency, o.time_zone, o.language, o.tax_rounding, o.country,
  to_jsonb(s) AS seller, to_jsonb(p) AS partner,
  to_jsonb(a) || coalesce((SELECT jsonb_build_object('mandate', jsonb_build_object(
      'reference', m.reference, 'account', m.iban, 'until', (greatest(m.signed_on,
        coalesce(m.last_used_on, m.signed_on)) + interval '36 months')::date))
    FROM sepa_mandate m WHERE m.organization_id = p.organization_id AND m.partner_id = p.id
      AND m.ended_at IS NULL AND m.signed_on IS NOT NULL
      AND (m.is_recurrent OR m.last_used_on IS NULL)
    ORDER BY m.id DESC LIMIT 1), '{}'::jsonb) AS agreed,
  (SELECT jsonb_agg(to_jsonb(x)) FROM parties_partneraddress x
    WHERE x.organization_id = p.organization_id AND x.partner_id = p.id) AS addresses,
  (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.is_primary DESC, x.position)
    FROM parties_partnercontact x
    WHERE x.organization_id = p.organization_id AND x.partner_id = p.id) AS contacts,
  (SELECT jsonb_agg(to_jsonb(x)) FROM parties_partnertaxid x
    WHERE x.organization_id = p.organization_id AND x.partner_id = p.id) AS tax_ids
FROM parties_partner p
JOIN identity_organization o ON o.id = p.organization_id
LEFT JOIN parties_sellerprofile s ON s.organization_id = p.organization_id
LEFT JOIN parties_partnership a ON a.organization_id = p.organization_id
  AND a.partner_id = p.id AND a.side = 'customer'
WHERE p.organization_id = %(organization)s AND p.id = %(partner)s
"""


class NoSuchPartner(NotFound):
    """No partner of that id on that side, in this organization."""

    code = "partner.not_found"


@dataclass(frozen=True, slots=True)
class Leave:
    """A client's mandate in force: what a paper says of it (BG-19), and its last day if unused."""

    debit: DirectDebit
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicingContext:
    """What a new document takes from the registers, read in one statement."""

    partner_id: UUID
    partner_is_archived: bool
    partner_is_business: bool
    base_currency: str
    time_zone: str
    tax_rounding: str
    country: str
    currency: str
    language: str
    terms: Terms
    tax_treatment: str
    price_list: str
    buyer_reference: str
    vat_id: str
    vat_id_is_valid: bool | None
    seller: Party
    buyer: Party
    delivery_address: Address | None
    payment: tuple[PaymentMeans, ...]
    leave: Leave | None = None

    def payment_of(self, document: Document, on: date | None) -> tuple[PaymentMeans, ...]:
        """How a paper issued `on` (a day to come where there is none) is paid: as it says itself,
        else collected where the client gave leave for it, else to the house's own account."""
        if document.payment:
            return document.payment
        is_collected = document.kind in COLLECTED and document.currency == "EUR"
        if self.leave is None or not is_collected or (on and on > self.leave.until):
            return self.payment
        return (PaymentMeans(code=SEPA_DEBIT, direct_debit=self.leave.debit),)


def invoicing_context(organization_id: UUID, client_id: UUID) -> InvoicingContext:
    """Both sides of a document and what is agreed; NoSuchPartner. One prepared statement."""
    row = (
        cursor(binary=True)
        .execute(CONTEXT, {"organization": organization_id, "partner": client_id}, prepare=True)
        .fetchone()
    )
    if row is None:
        raise NoSuchPartner("There is no such client.")
    return context_of(client_id, row)


def context_of(client_id: UUID, row: Sequence[Any]) -> InvoicingContext:
    """What a row of CONTEXT says; NoSuchPartner when the partner is no client.

    A statement that asks for more in the same journey takes CONTEXT as a part of itself.
    """
    base, zone, language, rounding, country, seller, partner, agreed, addresses, contacts, ids = row
    if agreed is None:
        raise NoSuchPartner("There is no such client.")
    seller = seller or {}
    vat = next((one for one in ids or () if one["scheme"] == "vat"), None)
    return InvoicingContext(
        partner_id=client_id,
        partner_is_archived=partner["archived_at"] is not None,
        partner_is_business=partner["kind"] == "company",
        base_currency=base,
        time_zone=zone,
        tax_rounding=rounding,
        country=seller.get("country") or country,
        currency=agreed["currency"],
        language=agreed["language"] or partner["language"] or language,
        terms=terms_of(agreed["terms"] or seller.get("terms") or {}),
        tax_treatment=agreed["tax_treatment"],
        price_list=agreed["price_list"],
        buyer_reference=agreed["buyer_reference"],
        vat_id=vat["value"] if vat else "",
        vat_id_is_valid=vat["is_valid"] if vat else None,
        seller=seller_party(seller),
        buyer=buyer_party(partner, addresses or [], contacts or [], ids or []),
        delivery_address=address_of(addresses or [], "delivery"),
        payment=payment_means(seller),
        leave=leave_of(agreed.get("mandate"), seller),
    )


def leave_of(mandate: dict[str, Any] | None, seller: dict[str, Any]) -> Leave | None:
    """The mandate of a row of CONTEXT; None without the seller's own creditor identifier."""
    creditor = seller.get("creditor_id") or ""
    if not mandate or not mandate["account"] or not creditor:
        return None
    debit = DirectDebit(mandate=mandate["reference"], creditor=creditor, account=mandate["account"])
    return Leave(debit, date.fromisoformat(mandate["until"]))


def seller_party(seller: dict[str, Any]) -> Party:
    """BG-4 of a seller profile's columns."""
    registration = seller.get("legal_registration")
    endpoint = seller.get("endpoint")
    return Party(
        name=seller.get("legal_name") or "",
        trading_name=seller.get("trading_name") or "",
        legal_registration=(
            Identifier(registration, seller.get("registration_scheme") or "")
            if registration
            else None
        ),
        vat_id=seller.get("vat_id") or "",
        tax_registration=seller.get("tax_number") or "",
        legal_information=seller.get("legal_information") or "",
        endpoint=Identifier(endpoint, seller.get("endpoint_scheme") or "") if endpoint else None,
        address=address(seller),
        contact=Contact(
            name=seller.get("contact_name") or "",
            phone=seller.get("phone") or "",
            email=seller.get("email") or "",
        ),
        website=seller.get("website") or "",
    )


def payment_means(seller: dict[str, Any]) -> tuple[PaymentMeans, ...]:
    """BG-16: a SEPA credit transfer (UNTDID 4461: 58) where the seller has an IBAN."""
    if not seller.get("iban"):
        return ()
    transfer = CreditTransfer(
        account=seller["iban"],
        account_name=seller.get("account_holder") or seller.get("legal_name") or "",
        bank=seller.get("bic") or "",
    )
    scheme = seller.get("reference_scheme") or ""
    return (PaymentMeans(code="58", transfers=(transfer,), reference_scheme=scheme),)


def buyer_party(
    partner: dict[str, Any],
    addresses: list[dict[str, Any]],
    contacts: list[dict[str, Any]],
    tax_ids: list[dict[str, Any]],
) -> Party:
    """BG-7 of a partner's columns and parts."""
    numbers = {one["scheme"]: one for one in reversed(tax_ids)}
    contact = contacts[0] if contacts else {}
    registration = partner["legal_registration"]
    endpoint = numbers.get("endpoint")
    return Party(
        name=partner["name"],
        trading_name=partner["trading_name"],
        identifiers=(Identifier(numbers["gln"]["value"], "0088"),) if "gln" in numbers else (),
        legal_registration=Identifier(registration) if registration else None,
        vat_id=numbers["vat"]["value"] if "vat" in numbers else "",
        tax_registration=numbers["tax"]["value"] if "tax" in numbers else "",
        endpoint=Identifier(endpoint["value"], endpoint["code"]) if endpoint else None,
        address=address_of(addresses, "billing") or Address(),
        contact=Contact(
            name=contact.get("name") or "",
            phone=contact.get("phone") or partner["phone"],
            email=contact.get("email") or partner["email"],
        ),
        website=partner["website"],
    )


def address_of(rows: Iterable[dict[str, Any]], use: str) -> Address | None:
    """The address with that use, if there is one."""
    return next((address(row) for row in rows if row["use"] == use), None)


def address(row: dict[str, Any]) -> Address:
    """A kernel address of a row's columns."""
    return Address(
        line1=row.get("line1") or "",
        line2=row.get("line2") or "",
        line3=row.get("line3") or "",
        city=row.get("city") or "",
        postal_code=row.get("postal_code") or "",
        region=row.get("region") or "",
        country=row.get("country") or "",
    )


def get_partner(organization_id: UUID, partner_id: UUID, *, side: str = "") -> Partner:
    """One partner with all its parts; NoSuchPartner, also when it is not on that side."""
    rows = Partner.objects.of(organization_id).prefetch_related(*PARTS)
    if side:
        rows = rows.filter(partnerships__side=side, partnerships__organization_id=organization_id)
    found = rows.filter(id=partner_id).first()
    if found is None:
        raise NoSuchPartner(f"There is no such {'supplier' if side == 'supplier' else 'client'}.")
    return found


def list_partners(organization_id: UUID, *, side: str, q: str = "") -> QuerySet[Partner]:
    """Partners on one side, narrowed by words in name, code or mail address; no order yet."""
    return bare_partners(organization_id, side=side, q=q).prefetch_related(*PARTS)


def bare_partners(organization_id: UUID, *, side: str, q: str = "") -> QuerySet[Partner]:
    """`list_partners` without their parts, which `add_parts` puts beside those of a page."""
    rows = Partner.objects.of(organization_id).filter(
        partnerships__side=side, partnerships__organization_id=organization_id
    )
    for word in q.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(trading_name__icontains=word)
            | Q(code__icontains=word)
            | Q(email__icontains=word)
        )
    return rows


def countries(organization_id: UUID) -> list[str]:
    """The countries of billing addresses by code, as far as the first few thousand show them."""
    rows = PartnerAddress.objects.of(organization_id).filter(use="billing")
    return sorted(set(rows.values_list("country", flat=True)[:MOST_LOOKED_AT]))


def countries_of(organization_id: UUID, *, side: str) -> dict[str, int]:
    """How many partners of one side have their billing address in each country."""
    rows = PartnerAddress.objects.of(organization_id).filter(
        use="billing", partner__partnerships__side=side, partner__archived_at=None
    )
    counted = rows.exclude(country="").values("country").annotate(many=Count("partner_id"))
    return {row["country"]: row["many"] for row in counted.order_by("country")}


def find_partner(
    organization_id: UUID, *, vat_id: str = "", name: str = "", postal_code: str = ""
) -> Partner | None:
    """The partner with that VAT id, else the one of that very name (and postal code, if given)."""
    rows = Partner.objects.of(organization_id)
    if vat_id:
        found = rows.filter(tax_ids__scheme="vat", tax_ids__value=vat_id).order_by("id").first()
        if found:
            return found
    if not name:
        return None
    same = rows.filter(name__iexact=name)
    if postal_code:
        same = same.filter(addresses__postal_code=postal_code)
    return same.order_by("id").first()


def seller_profile(organization_id: UUID) -> SellerProfile | None:
    """The organization's own profile."""
    return SellerProfile.objects.of(organization_id).first()


def own_accounts(organization_id: UUID) -> list[SellerAccount]:
    """The organization's bank accounts, the shown one first; what only the profile prints is among
    them, unsaved."""
    rows = list(SellerAccount.objects.of(organization_id).order_by("-is_shown", "label", "id"))
    profile = seller_profile(organization_id)
    if profile is None or not profile.iban or any(one.iban == profile.iban for one in rows):
        return rows
    for one in rows:
        one.is_shown = False
    shown = SellerAccount(
        organization_id=organization_id,
        label=profile.account_holder or profile.legal_name,
        holder=profile.account_holder,
        iban=profile.iban,
        bic=profile.bic,
        is_shown=True,
    )
    return [shown, *rows]


def all_vat_checks(organization_id: UUID, partner_id: UUID, *, side: str) -> QuerySet[VatCheck]:
    """Every answer about a partner's VAT ids; order and slice them. Raises NoSuchPartner."""
    get_partner(organization_id, partner_id, side=side)
    return VatCheck.objects.of(organization_id).filter(partner_id=partner_id)


def vat_checks(organization_id: UUID, partner_id: UUID, *, most: int = 20) -> list[VatCheck]:
    """What tax offices answered about a partner's VAT ids, newest first."""
    rows = VatCheck.objects.of(organization_id).filter(partner_id=partner_id)
    return list(rows.order_by("-id")[:most])
