"""The people of a UBL paper, and how its tax is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guilder.kernel.document import Address, Delivery, Document, Identifier, Party, Payee
from guilder.papers.exchange.formats.codes import GST_CODES
from guilder.papers.exchange.formats.pen import Pen, day_text
from guilder.papers.exchange.formats.targets import Target

SEPA = "SEPA"
FISCAL = "FC"  # any code but VAT marks BT-32
MAIL = "EM"  # EAS: electronic mail


@dataclass(frozen=True, slots=True)
class Scheme:
    """VAT, or the goods and services tax of PINT AUNZ and SG with codes of its own."""

    name: str
    codes: Mapping[str, str]
    german: bool  # XRechnung

    def category(self, category: str) -> str:
        return self.codes.get(category, category)

    def put(self, pen: Pen) -> None:
        with pen.within("cac:TaxScheme"):
            pen.put("cbc:ID", self.name)


def scheme_of(target: Target) -> Scheme:
    """How tax is called in `target`."""
    return Scheme(
        name="GST" if target.gst else "VAT",
        codes=GST_CODES if target.country == "sg" else {},
        german=target.name.startswith("xrechnung"),
    )


def write(pen: Pen, document: Document, scheme: Scheme) -> None:
    """Seller, buyer, payee, tax representative and delivery."""
    creditor = next((m.direct_debit.creditor for m in document.payment if m.direct_debit), "")
    with_payee = document.payee is not None
    with pen.within("cac:AccountingSupplierParty"):
        _party(pen, document.seller, scheme, creditor="" if with_payee else creditor)
    with pen.within("cac:AccountingCustomerParty"):
        _party(pen, document.buyer, scheme, only_one=True)
    if document.payee is not None:
        _payee(pen, document.payee, creditor)
    if document.tax_representative is not None:
        with pen.within("cac:TaxRepresentativeParty"):
            who = document.tax_representative
            with pen.within("cac:PartyName"):
                pen.put("cbc:Name", who.name)
            _address(pen, "cac:PostalAddress", who.address)
            _tax_id(pen, who.vat_id, scheme.name)
    if document.delivery is not None:
        _delivery(pen, document.delivery)


def _party(
    pen: Pen, party: Party, scheme: Scheme, *, creditor: str = "", only_one: bool = False
) -> None:
    with pen.within("cac:Party"):
        endpoint = party.endpoint
        # XRechnung wants electronic addresses, and a mail address is one.
        if endpoint is None and scheme.german and party.contact.email:
            endpoint = Identifier(party.contact.email, MAIL)
        if endpoint is not None:
            pen.put("cbc:EndpointID", endpoint.value, schemeID=endpoint.scheme)
        # UBL-SR-16: a buyer has one identifier.
        for identifier in party.identifiers[:1] if only_one else party.identifiers:
            _identification(pen, identifier)
        if creditor:
            _identification(pen, Identifier(creditor, SEPA))
        with pen.within("cac:PartyName"):
            pen.put("cbc:Name", party.trading_name)
        _address(pen, "cac:PostalAddress", party.address)
        _tax_id(pen, party.vat_id, scheme.name)
        _tax_id(pen, party.tax_registration, FISCAL)
        with pen.within("cac:PartyLegalEntity"):
            pen.put("cbc:RegistrationName", party.name)
            if party.legal_registration is not None:
                registered = party.legal_registration
                pen.put("cbc:CompanyID", registered.value, schemeID=registered.scheme)
            pen.put("cbc:CompanyLegalForm", party.legal_information)
        with pen.within("cac:Contact"):
            pen.put("cbc:Name", party.contact.name)
            pen.put("cbc:Telephone", party.contact.phone)
            pen.put("cbc:ElectronicMail", party.contact.email)


def _payee(pen: Pen, payee: Payee, creditor: str) -> None:
    with pen.within("cac:PayeeParty"):
        if payee.identifier is not None:
            _identification(pen, payee.identifier)
        if creditor:
            _identification(pen, Identifier(creditor, SEPA))
        with pen.within("cac:PartyName"):
            pen.put("cbc:Name", payee.name)
        if payee.legal_registration is not None:
            with pen.within("cac:PartyLegalEntity"):
                registered = payee.legal_registration
                pen.put("cbc:CompanyID", registered.value, schemeID=registered.scheme)


def _identification(pen: Pen, identifier: Identifier) -> None:
    with pen.within("cac:PartyIdentification"):
        pen.put("cbc:ID", identifier.value, schemeID=identifier.scheme)


def _tax_id(pen: Pen, value: str, scheme: str) -> None:
    if not value.strip():
        return
    with pen.within("cac:PartyTaxScheme"):
        pen.put("cbc:CompanyID", value)
        with pen.within("cac:TaxScheme"):
            pen.put("cbc:ID", scheme)


def _address(pen: Pen, name: str, address: Address) -> None:
    with pen.within(name):
        pen.put("cbc:StreetName", address.line1)
        pen.put("cbc:AdditionalStreetName", address.line2)
        pen.put("cbc:CityName", address.city)
        pen.put("cbc:PostalZone", address.postal_code)
        pen.put("cbc:CountrySubentity", address.region)
        with pen.within("cac:AddressLine"):
            pen.put("cbc:Line", address.line3)
        with pen.within("cac:Country"):
            pen.put("cbc:IdentificationCode", address.country)


def _delivery(pen: Pen, delivery: Delivery) -> None:
    with pen.within("cac:Delivery"):
        pen.put("cbc:ActualDeliveryDate", day_text(delivery.delivered_on))
        with pen.within("cac:DeliveryLocation"):
            if delivery.location is not None:
                pen.put("cbc:ID", delivery.location.value, schemeID=delivery.location.scheme)
            if delivery.address is not None:
                _address(pen, "cac:Address", delivery.address)
        with pen.within("cac:DeliveryParty"), pen.within("cac:PartyName"):
            pen.put("cbc:Name", delivery.party_name)
