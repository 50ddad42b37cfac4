"""The head of a CII paper: numbers, dates, references, payment, and the sums that it states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from guilder.kernel.document import (
    Attachment,
    Document,
    Identifier,
    Kind,
    Note,
    PrecedingInvoice,
)
from guilder.kernel.xml import Element
from guilder.papers.exchange.formats.cii import parties, payment, sums
from guilder.papers.exchange.formats.cii.lines import OBJECT, lines, period
from guilder.papers.exchange.formats.codes import (
    TAX_POINTS,
    discounts_in,
    kind_of,
    reasons_in,
)
from guilder.papers.exchange.formats.nodes import Node, Sheet
from guilder.papers.exchange.formats.record import Reading

CII = "urn:un:unece:uncefact:data:standard:"
INVOICE = f"{{{CII}CrossIndustryInvoice:100}}CrossIndustryInvoice"
NAMESPACES = frozenset(
    (
        f"{CII}CrossIndustryInvoice:100",
        f"{CII}ReusableAggregateBusinessInformationEntity:100",
        f"{CII}UnqualifiedDataType:100",
        f"{CII}QualifiedDataType:100",
    )
)
TENDER = "50"  # UNTDID 1001: tender or lot (BT-17)


class Parts:
    """The four parts that every CII paper has."""

    __slots__ = ("agreement", "context", "delivery", "paper", "settlement", "trade")

    def __init__(self, node: Node) -> None:
        self.context = node.first("ExchangedDocumentContext")
        self.paper = node.first("ExchangedDocument")
        self.trade = node.first("SupplyChainTradeTransaction")
        self.agreement = self.trade.first("ApplicableHeaderTradeAgreement")
        self.delivery = self.trade.first("ApplicableHeaderTradeDelivery")
        self.settlement = self.trade.first("ApplicableHeaderTradeSettlement")


def read(root: Element) -> Reading:
    """The paper under `root`, an INVOICE element.

    Raises Unreadable where no currency is named. All else that is wrong is in `problems`.
    """
    sheet = Sheet(NAMESPACES)
    parts = Parts(Node(root, sheet))
    sheet.settle_currency(parts.settlement.text("InvoiceCurrencyCode"))
    stated, taxes = sums.stated(parts.settlement)
    reasons = reasons_in(taxes)
    found = lines(parts.trade.all("IncludedSupplyChainTradeLineItem"), reasons)
    allowances, charges = sums.levels_of(parts.settlement, reasons)
    document = replace(
        _head(parts),
        lines=tuple(line for line, _ in found),
        allowances=allowances,
        charges=charges,
        prepaid=sheet.money(stated.prepaid, "/prepaid"),
        rounding_amount=sheet.money(stated.rounding, "/rounding_amount"),
        tax_rate_to_tax_currency=sums.rate(parts.settlement, stated),
    )
    return Reading(
        document=document,
        format="cii",
        profile=document.specification,
        stated=stated,
        stated_taxes=taxes,
        stated_nets=tuple(net for _, net in found),
        problems=tuple(sheet.problems),
        remarks=(*sheet.remarks, *sheet.leftovers(root)),
    )


def _head(parts: Parts) -> Document:
    """All that stands on the paper once, without lines, allowances, charges and sums."""
    agreement, delivery, settlement = parts.agreement, parts.delivery, parts.settlement
    event = delivery.first("ActualDeliverySupplyChainEvent", "OccurrenceDateTime")
    type_code = parts.paper.text("TypeCode")
    terms = "\n".join(settlement.texts("SpecifiedTradePaymentTerms", "Description"))
    taxes = settlement.first("ApplicableTradeTax")
    point = settlement.text("ApplicableTradeTax", "DueDateTypeCode")
    settlement.skip("ApplicableTradeTax", "DueDateTypeCode")
    settlement.skip("ApplicableTradeTax", "TaxPointDate", "DateString")
    agreement.skip("SpecifiedProcuringProject", "Name")  # CII wants it, the standard has only an id
    return Document(
        kind=kind_of(type_code, Kind.INVOICE),
        type_code=type_code,
        currency=settlement.sheet.currency,
        tax_currency=settlement.text("TaxCurrencyCode"),
        number=parts.paper.text("ID"),
        issued_on=parts.paper.day("/issued_on", "IssueDateTime", "DateTimeString"),
        tax_point_on=taxes.day("/tax_point_on", "TaxPointDate", "DateString"),
        tax_point_code=TAX_POINTS.get(point, point),
        due_on=_due_on(settlement),
        seller=parties.party(agreement.first("SellerTradeParty")),
        buyer=parties.party(agreement.first("BuyerTradeParty")),
        payee=parties.payee(settlement.first("PayeeTradeParty")),
        tax_representative=parties.tax_representative(
            agreement.first("SellerTaxRepresentativeTradeParty")
        ),
        delivery=parties.delivery(
            delivery.first("ShipToTradeParty"),
            event.day("/delivery/delivered_on", "DateTimeString"),
        ),
        period=period(settlement.first("BillingSpecifiedPeriod"), "/period"),
        buyer_reference=agreement.text("BuyerReference"),
        project_reference=agreement.text("SpecifiedProcuringProject", "ID"),
        contract_reference=_id(agreement, "ContractReferencedDocument"),
        order_reference=_id(agreement, "BuyerOrderReferencedDocument"),
        sales_order_reference=_id(agreement, "SellerOrderReferencedDocument"),
        receiving_advice_reference=_id(delivery, "ReceivingAdviceReferencedDocument"),
        despatch_advice_reference=_id(delivery, "DespatchAdviceReferencedDocument"),
        tender_reference=_referenced(agreement, TENDER),
        invoiced_object=_invoiced_object(agreement),
        buyer_accounting_reference=settlement.text(
            "ReceivableSpecifiedTradeAccountingAccount", "ID"
        ),
        preceding=_preceding(settlement),
        attachments=_attachments(agreement),
        notes=_notes(parts.paper),
        business_process=_parameter(parts, "BusinessProcess"),
        specification=_parameter(parts, "Guideline"),
        payment_terms=terms,
        early_discounts=(*discounts_in(terms), *payment.discounts(settlement)),
        instalments=payment.instalments(settlement),
        payment=payment.means(settlement),
    )


def _id(node: Node, name: str) -> str:
    return node.text(name, "IssuerAssignedID")


def _parameter(parts: Parts, name: str) -> str:
    return parts.context.text(f"{name}SpecifiedDocumentContextParameter", "ID")


def _notes(node: Node) -> tuple[Note, ...]:
    found = [
        Note("\n".join(entry.texts("Content")), entry.text("SubjectCode"))
        for entry in node.all("IncludedNote")
    ]
    return tuple(note for note in found if note.text)


def _due_on(settlement: Node) -> date | None:
    days = [
        entry.day("/due_on", "DueDateDateTime", "DateTimeString")
        for entry in settlement.all("SpecifiedTradePaymentTerms")
    ]
    return max((day for day in days if day is not None), default=None)


def _preceding(settlement: Node) -> tuple[PrecedingInvoice, ...]:
    found = [
        PrecedingInvoice(
            number=entry.text("IssuerAssignedID"),
            issued_on=entry.day(
                f"/preceding/{index}/issued_on", "FormattedIssueDateTime", "DateTimeString"
            ),
        )
        for index, entry in enumerate(settlement.all("InvoiceReferencedDocument"))
    ]
    return tuple(found)


def _referenced(agreement: Node, type_code: str) -> str:
    for entry in agreement.all("AdditionalReferencedDocument"):
        if entry.text("TypeCode") == type_code:
            return entry.text("IssuerAssignedID")
    return ""


def _invoiced_object(agreement: Node) -> Identifier | None:
    for entry in agreement.all("AdditionalReferencedDocument"):
        if entry.text("TypeCode") == OBJECT:
            return Identifier(entry.text("IssuerAssignedID"), entry.text("ReferenceTypeCode"))
    return None


def _attachments(agreement: Node) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for entry in agreement.all("AdditionalReferencedDocument"):
        if entry.text("TypeCode") in {OBJECT, TENDER}:
            continue
        content = entry.first("AttachmentBinaryObject")
        attachment = Attachment(
            reference=entry.text("IssuerAssignedID"),
            description="\n".join(entry.texts("Name")),
            location=entry.text("URIID"),
            content=content.bytes(f"/attachments/{len(found)}/content"),
            media_type=content.attribute("mimeCode"),
            filename=content.attribute("filename"),
        )
        found.append(attachment)
    return tuple(found)
