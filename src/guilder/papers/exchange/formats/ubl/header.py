"""The head of a UBL paper: numbers, dates, references, payment, and the sums that it states."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from guilder.kernel.document import (
    Attachment,
    CreditTransfer,
    DirectDebit,
    Document,
    Identifier,
    Kind,
    PaymentCard,
    PaymentMeans,
    PrecedingInvoice,
)
from guilder.kernel.xml import Element, local_name
from guilder.papers.exchange.formats.codes import (
    DIRECT_DEBITS,
    GST_CATEGORIES,
    discounts_in,
    kind_of,
    merged,
    note_of,
    reasons_in,
)
from guilder.papers.exchange.formats.nodes import Node, Sheet
from guilder.papers.exchange.formats.rates import tax_currency_rate
from guilder.papers.exchange.formats.record import Reading, StatedTax, StatedTotals
from guilder.papers.exchange.formats.ubl import parties
from guilder.papers.exchange.formats.ubl.lines import OBJECT, levels, line, period

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = f"{{{UBL}Invoice-2}}Invoice"
CREDIT_NOTE = f"{{{UBL}CreditNote-2}}CreditNote"
NAMESPACES = frozenset((f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"))
PROJECT = "50"  # UNTDID 1001: the project (BT-11), which a credit note has no element for
NOT_STATED = "NA"
SINGAPORE = "@sg-"  # PINT
PINT = "urn:peppol:pint:"
EXTENSION = "urn:xeinkauf.de:kosit:extension:xrechnung"
TECHNICAL = ("UBLVersionID", "UUID")
TOTALS_OF_SINGAPORE = frozenset(("sgdtotal-excl-gst", "sgdtotal-incl-gst"))
TOTAL_ELEMENTS = {
    "line_net": "LineExtensionAmount",
    "allowances": "AllowanceTotalAmount",
    "charges": "ChargeTotalAmount",
    "net": "TaxExclusiveAmount",
    "gross": "TaxInclusiveAmount",
    "prepaid": "PrepaidAmount",
    "rounding": "PayableRoundingAmount",
    "due": "PayableAmount",
}


def read(root: Element) -> Reading:
    """The invoice or credit note under `root`, an INVOICE or CREDIT_NOTE element.

    Raises Unreadable where no currency is named. All else that is wrong is in `problems`.
    """
    sheet = Sheet(NAMESPACES)
    node = Node(root, sheet)
    credit = local_name(root) == "CreditNote"
    sheet.settle_currency(node.text("DocumentCurrencyCode"))
    if SINGAPORE in node.text("CustomizationID"):
        sheet.categories = GST_CATEGORIES
    stated, taxes = _sums(node)
    reasons = reasons_in(taxes)
    tag = "CreditNoteLine" if credit else "InvoiceLine"
    lines = [line(n, f"/lines/{i}", reasons) for i, n in enumerate(node.all(tag))]
    allowances, charges = levels(node, "", reasons, taxed=True)
    document = replace(
        _head(node, Kind.CREDIT_NOTE if credit else Kind.INVOICE),
        lines=tuple(entry for entry, _ in lines),
        allowances=allowances,
        charges=charges,
        prepaid=sheet.money(stated.prepaid, "/prepaid"),
        rounding_amount=sheet.money(stated.rounding, "/rounding_amount"),
        tax_rate_to_tax_currency=_rate(node, stated),
    )
    collected = _third_parties(node)
    for name in TECHNICAL:
        node.skip(name)
    return Reading(
        document=document,
        format="ubl-creditnote" if credit else "ubl-invoice",
        profile=document.specification,
        stated=stated,
        stated_taxes=taxes,
        stated_nets=tuple(net for _, net in lines),
        collected=collected,
        problems=tuple(sheet.problems),
        remarks=(*sheet.remarks, *sheet.leftovers(root)),
    )


def _head(node: Node, otherwise: Kind) -> Document:
    """All that stands on the paper once, without lines, allowances, charges and sums."""
    gst = node.text("CustomizationID").startswith(PINT)
    type_code = node.text("InvoiceTypeCode") or node.text("CreditNoteTypeCode")
    terms = "\n".join(node.texts("PaymentTerms", "Note"))
    due_on = node.day("/due_on", "DueDate")
    credit_due_on = node.day("/due_on", "PaymentMeans", "PaymentDueDate")
    node.skip("PaymentMeans", "PaymentDueDate")  # each means of a credit note repeats it
    return Document(
        kind=kind_of(type_code, otherwise),
        type_code=type_code,
        currency=node.sheet.currency,
        tax_currency=node.text("TaxCurrencyCode"),
        number=node.text("ID"),
        issued_on=node.day("/issued_on", "IssueDate"),
        tax_point_on=node.day("/tax_point_on", "TaxPointDate"),
        tax_point_code=node.text("InvoicePeriod", "DescriptionCode"),
        due_on=due_on or credit_due_on,
        seller=parties.party(node.first("AccountingSupplierParty", "Party"), gst=gst),
        buyer=parties.party(node.first("AccountingCustomerParty", "Party"), gst=gst),
        payee=parties.payee(node.first("PayeeParty")),
        tax_representative=parties.tax_representative(node.first("TaxRepresentativeParty")),
        delivery=parties.delivery(node.first("Delivery")),
        period=period(node.first("InvoicePeriod"), "/period"),
        buyer_reference=node.text("BuyerReference"),
        project_reference=node.text("ProjectReference", "ID") or _referenced(node, PROJECT),
        contract_reference=node.text("ContractDocumentReference", "ID"),
        order_reference=_order(node),
        sales_order_reference=node.text("OrderReference", "SalesOrderID"),
        receiving_advice_reference=node.text("ReceiptDocumentReference", "ID"),
        despatch_advice_reference=node.text("DespatchDocumentReference", "ID"),
        tender_reference=node.text("OriginatorDocumentReference", "ID"),
        invoiced_object=_invoiced_object(node),
        buyer_accounting_reference=node.text("AccountingCost"),
        preceding=_preceding(node),
        attachments=_attachments(node),
        notes=tuple(note_of(text) for text in node.texts("Note")),
        business_process=node.text("ProfileID"),
        specification=node.text("CustomizationID"),
        payment_terms=terms,
        early_discounts=discounts_in(terms),
        payment=_payment(node),
    )


def _payment(node: Node) -> tuple[PaymentMeans, ...]:
    """BG-16 with BG-17, BG-18 and BG-19; each account has an entry of its own in UBL."""
    creditor = parties.creditor(node)
    found: list[PaymentMeans] = []
    for entry in node.all("PaymentMeans"):
        code = entry.first("PaymentMeansCode")
        account = entry.first("PayeeFinancialAccount")
        card = entry.first("CardAccount")
        mandate = entry.first("PaymentMandate")
        collects = bool(mandate) or code.text() in DIRECT_DEBITS
        means = PaymentMeans(
            code=code.text(),
            text=code.attribute("name") or "\n".join(entry.texts("InstructionNote")),
            remittance="\n".join(entry.texts("PaymentID")),
            transfers=(_transfer(account),) if account else (),
            card=_card(card) if card else None,
            direct_debit=_direct_debit(mandate, creditor) if collects else None,
        )
        found.append(means)
    return merged(found)


def _transfer(node: Node) -> CreditTransfer:
    branch = node.first("FinancialInstitutionBranch")
    return CreditTransfer(
        account=node.text("ID"),
        account_name=node.text("Name"),
        bank=branch.text("ID") or branch.text("FinancialInstitution", "ID"),
    )


def _card(node: Node) -> PaymentCard:
    node.skip("NetworkID")  # UBL wants it, EN 16931 has no term for it
    return PaymentCard(
        number=node.text("PrimaryAccountNumberID"),
        holder=node.text("HolderName"),
    )


def _direct_debit(node: Node, creditor: str) -> DirectDebit:
    return DirectDebit(
        mandate=node.text("ID"),
        creditor=creditor,
        account=node.text("PayerFinancialAccount", "ID"),
    )


def _preceding(node: Node) -> tuple[PrecedingInvoice, ...]:
    found = [
        PrecedingInvoice(
            number=entry.text("ID"),
            issued_on=entry.day(f"/preceding/{index}/issued_on", "IssueDate"),
        )
        for index, entry in enumerate(node.all("BillingReference", "InvoiceDocumentReference"))
    ]
    return tuple(found)


def _order(node: Node) -> str:
    """BT-13; a seller's order without one of the buyer has “NA” there (Peppol BIS Billing 3.0)."""
    reference = node.text("OrderReference", "ID")
    if reference == NOT_STATED and node.text("OrderReference", "SalesOrderID"):
        return ""
    return reference


def _referenced(node: Node, type_code: str) -> str:
    for entry in node.all("AdditionalDocumentReference"):
        if entry.text("DocumentTypeCode") == type_code:
            return entry.text("ID")
    return ""


def _invoiced_object(node: Node) -> Identifier | None:
    for entry in node.all("AdditionalDocumentReference"):
        if entry.text("DocumentTypeCode") == OBJECT:
            return entry.identifier("ID")
    return None


def _attachments(node: Node) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for entry in node.all("AdditionalDocumentReference"):
        if entry.text("DocumentTypeCode") in {OBJECT, PROJECT}:
            continue
        if entry.text("DocumentTypeCode") in TOTALS_OF_SINGAPORE:
            entry.texts("ID")  # both follow from the totals and the tax in that currency
            entry.texts("DocumentDescription")
            continue
        at = f"/attachments/{len(found)}"
        content = entry.first("Attachment", "EmbeddedDocumentBinaryObject")
        attachment = Attachment(
            reference=entry.text("ID"),
            description="\n".join(entry.texts("DocumentDescription")),
            location=entry.text("Attachment", "ExternalReference", "URI"),
            content=content.bytes(f"{at}/content"),
            media_type=content.attribute("mimeCode"),
            filename=content.attribute("filename"),
        )
        found.append(attachment)
    return tuple(found)


def _sums(node: Node) -> tuple[StatedTotals, tuple[StatedTax, ...]]:
    """BG-22 and BG-23 as stated."""
    total = node.first("LegalMonetaryTotal")
    own, other = _tax_totals(node)
    amounts = {
        name: total.amount(f"/totals/{name}", element) for name, element in TOTAL_ELEMENTS.items()
    }
    stated = StatedTotals(
        **amounts,
        tax=own.amount("/totals/tax", "TaxAmount"),
        tax_in_tax_currency=other.decimal("/totals/tax_in_tax_currency", "TaxAmount"),
    )
    rows = enumerate(own.all("TaxSubtotal"))
    return stated, tuple(_tax_row(entry, f"/taxes/{index}") for index, entry in rows)


def _tax_totals(node: Node) -> tuple[Node, Node]:
    """The tax total in the document's currency, and the one in the tax currency (BT-111)."""
    tax_currency = node.text("TaxCurrencyCode")
    own = other = Node(None, node.sheet)
    for entry in node.all("TaxTotal"):
        currency = entry.first("TaxAmount").attribute("currencyID")
        if currency == tax_currency and currency not in ("", node.sheet.currency):
            other = other or entry
        else:
            own = own or entry
    return own, other


def _tax_row(node: Node, at: str) -> StatedTax:
    category = node.first("TaxCategory")
    category.skip("TaxScheme", "ID")
    rate = category.decimal(f"{at}/rate", "Percent")
    if rate is None:  # PINT and older UBL write it beside the category
        rate = node.decimal(f"{at}/rate", "Percent")
    named = category.text("ID")
    return StatedTax(
        category=node.sheet.categories.get(named, named),
        rate=rate,
        taxable=node.amount(f"{at}/taxable", "TaxableAmount"),
        tax=node.amount(f"{at}/tax", "TaxAmount"),
        exemption_reason="\n".join(category.texts("TaxExemptionReason")),
        exemption_code=category.text("TaxExemptionReasonCode"),
    )


def _rate(node: Node, stated: StatedTotals) -> Decimal | None:
    named = node.decimal("/tax_rate_to_tax_currency", "TaxExchangeRate", "CalculationRate")
    node.skip("TaxExchangeRate", "SourceCurrencyCode")
    node.skip("TaxExchangeRate", "TargetCurrencyCode")
    return tax_currency_rate(stated, node.text("TaxCurrencyCode"), named, node.sheet)


def _third_parties(node: Node) -> Decimal:
    """XRechnung extension, BG-DEX-09: what is collected for others is due but on no line."""
    if EXTENSION not in node.text("CustomizationID"):
        return Decimal(0)
    whole = Decimal(0)
    for index, entry in enumerate(node.all("PrepaidPayment")):
        at = f"/third_party_payments/{index}"
        amount = entry.amount(at, "PaidAmount") or Decimal(0)
        what = entry.text("InstructionID") or entry.text("ID")
        entry.skip("ID")
        whole += amount
        detail = f"{amount} {node.sheet.currency} is collected for a third party ({what})."
        node.sheet.remark(at, "exchange.third_party", detail)
    return whole
