"""The head of a UBL paper, in the order of its schema. Paths are those of EN 16931-3-2."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

from guilder.kernel.document import Attachment, Document, PaymentMeans, TaxBreakdown, Totals
from guilder.papers.exchange.formats.codes import CREDIT_NOTES, discount_lines, note_text
from guilder.papers.exchange.formats.pen import Pen, amount_text, day_text, number_text
from guilder.papers.exchange.formats.targets import SELF_BILLED, Target
from guilder.papers.exchange.formats.ubl.writing import lines, parties, singapore
from guilder.papers.exchange.formats.ubl.writing.parties import Scheme, scheme_of

SCHEMAS = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMESPACES = {
    "cac": f"{SCHEMAS}CommonAggregateComponents-2",
    "cbc": f"{SCHEMAS}CommonBasicComponents-2",
}
OBJECT, PROJECT = "130", "50"  # UNTDID 1001
NOT_STATED = "NA"  # Peppol BIS Billing 3.0, 6.2: an order of the seller without one of the buyer
AMONG_GERMANS = {"DE"}  # PEPPOL-EN16931-R002: one note, but among them; PINT knows no exception
UNDEFINED = "1"  # UNTDID 4461


def write(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, as UBL. Raises NotWritable."""
    credit = document.type_code in CREDIT_NOTES
    root = "CreditNote" if credit else "Invoice"
    pen, scheme = Pen(), scheme_of(target)
    with pen.root(root, {"": f"{SCHEMAS}{root}-2", **NAMESPACES}):
        _identity(pen, document, target, credit=credit)
        _references(pen, document, target, credit=credit)
        parties.write(pen, document, scheme)
        for index, means in enumerate(document.payment):
            _means(pen, means, document.due_on if credit and not index else None, text=not index)
        if credit and document.due_on is not None and not document.payment:
            with pen.within("cac:PaymentMeans"):
                pen.put("cbc:PaymentMeansCode", UNDEFINED)
                pen.put("cbc:PaymentDueDate", day_text(document.due_on))
        with pen.within("cac:PaymentTerms"):
            pen.put("cbc:Note", discount_lines(document), keep=True)
        lines.levels(pen, document, scheme)
        _taxes(pen, document, scheme)
        _totals(pen, document.totals)
        lines.write(pen, document, scheme, credit=credit)
    return pen.bytes()


def _identity(pen: Pen, document: Document, target: Target, *, credit: bool) -> None:
    own = document.type_code in SELF_BILLED and target.self_billed
    pen.put("cbc:CustomizationID", target.self_billed if own else target.specification)
    process = target.process_self_billed if own else target.process
    pen.put("cbc:ProfileID", document.business_process or process)
    pen.put("cbc:ID", document.number)
    singapore.identity(pen, document, target)
    pen.put("cbc:IssueDate", day_text(document.issued_on))
    if credit:
        pen.put("cbc:TaxPointDate", day_text(document.tax_point_on))
        pen.put("cbc:CreditNoteTypeCode", document.type_code)
        _notes(pen, document, target)
    else:
        pen.put("cbc:DueDate", day_text(document.due_on))
        pen.put("cbc:InvoiceTypeCode", document.type_code)
        _notes(pen, document, target)
        pen.put("cbc:TaxPointDate", day_text(document.tax_point_on))
    pen.put("cbc:DocumentCurrencyCode", document.currency)
    if document.totals is not None and document.totals.tax_in_tax_currency is not None:
        pen.put("cbc:TaxCurrencyCode", document.tax_currency)
    pen.put("cbc:AccountingCost", document.buyer_accounting_reference)
    pen.put("cbc:BuyerReference", document.buyer_reference)


def _notes(pen: Pen, document: Document, target: Target) -> None:
    texts = [note_text(note) for note in document.notes if note.text.strip()]
    countries = {document.seller.address.country, document.buyer.address.country}
    is_peppol = target.name == "peppol" and countries != AMONG_GERMANS
    if is_peppol or target.name.startswith("pint-"):
        texts = ["\n".join(texts)]
    for text in texts:
        pen.put("cbc:Note", text)


def _references(pen: Pen, document: Document, target: Target, *, credit: bool) -> None:
    with pen.within("cac:InvoicePeriod"):
        if document.period is not None:
            pen.put("cbc:StartDate", day_text(document.period.start_on))
            pen.put("cbc:EndDate", day_text(document.period.end_on))
        pen.put("cbc:DescriptionCode", document.tax_point_code)
    with pen.within("cac:OrderReference"):
        sales_order = document.sales_order_reference
        pen.put("cbc:ID", document.order_reference or (NOT_STATED if sales_order else ""))
        pen.put("cbc:SalesOrderID", sales_order)
    for before in document.preceding:
        with pen.within("cac:BillingReference"), pen.within("cac:InvoiceDocumentReference"):
            pen.put("cbc:ID", before.number)
            pen.put("cbc:IssueDate", day_text(before.issued_on))
    _reference(pen, "cac:DespatchDocumentReference", document.despatch_advice_reference)
    _reference(pen, "cac:ReceiptDocumentReference", document.receiving_advice_reference)
    if not credit:
        _reference(pen, "cac:OriginatorDocumentReference", document.tender_reference)
    _reference(pen, "cac:ContractDocumentReference", document.contract_reference)
    _additional(pen, document, credit=credit)
    singapore.totals(pen, document, target)
    if credit:
        _reference(pen, "cac:OriginatorDocumentReference", document.tender_reference)
    else:
        _reference(pen, "cac:ProjectReference", document.project_reference)


def _reference(pen: Pen, name: str, value: str) -> None:
    with pen.within(name):
        pen.put("cbc:ID", value)


def _additional(pen: Pen, document: Document, *, credit: bool) -> None:
    """BT-18, the project of a credit note (which has no element for it), and BG-24."""
    if document.invoiced_object is not None:
        with pen.within("cac:AdditionalDocumentReference"):
            named = document.invoiced_object
            pen.put("cbc:ID", named.value, schemeID=named.scheme)
            pen.put("cbc:DocumentTypeCode", OBJECT)
    if credit and document.project_reference:
        with pen.within("cac:AdditionalDocumentReference"):
            pen.put("cbc:ID", document.project_reference)
            pen.put("cbc:DocumentTypeCode", PROJECT)
    for index, attachment in enumerate(document.attachments, 1):
        _attachment(pen, attachment, str(index))


def _attachment(pen: Pen, attachment: Attachment, number: str) -> None:
    with pen.within("cac:AdditionalDocumentReference"):
        pen.put("cbc:ID", attachment.reference or attachment.filename or number)
        pen.put("cbc:DocumentDescription", attachment.description)
        with pen.within("cac:Attachment"):
            pen.put(
                "cbc:EmbeddedDocumentBinaryObject",
                b64encode(attachment.content or b"").decode("ascii"),
                mimeCode=attachment.media_type,
                filename=attachment.filename,
            )
            with pen.within("cac:ExternalReference"):
                pen.put("cbc:URI", attachment.location)


def _means(pen: Pen, means: PaymentMeans, due_on: date | None, *, text: bool) -> None:
    """BG-16: UBL has one account in each, so that several accounts are several means.

    UBL-SR-45, UBL-SR-46: due date and `text` stand in the first of all.
    """
    for index, transfer in enumerate(means.transfers or (None,)):
        is_first = text and not index
        with pen.within("cac:PaymentMeans"):
            pen.put("cbc:PaymentMeansCode", means.code, name=means.text if is_first else "")
            pen.put("cbc:PaymentDueDate", "" if index else day_text(due_on))
            pen.put("cbc:PaymentID", means.remittance)
            if means.card is not None:
                with pen.within("cac:CardAccount"):
                    pen.put("cbc:PrimaryAccountNumberID", means.card.number)
                    pen.put("cbc:NetworkID", NOT_STATED)  # the schema demands one
                    pen.put("cbc:HolderName", means.card.holder)
            if transfer is not None:
                with pen.within("cac:PayeeFinancialAccount"):
                    pen.put("cbc:ID", transfer.account)
                    pen.put("cbc:Name", transfer.account_name)
                    with pen.within("cac:FinancialInstitutionBranch"):
                        pen.put("cbc:ID", transfer.bank)
            if means.direct_debit is not None:
                with pen.within("cac:PaymentMandate"):
                    pen.put("cbc:ID", means.direct_debit.mandate)
                    with pen.within("cac:PayerFinancialAccount"):
                        pen.put("cbc:ID", means.direct_debit.account)


def _taxes(pen: Pen, document: Document, scheme: Scheme) -> None:
    totals = document.totals
    if totals is None:
        return
    with pen.within("cac:TaxTotal"):
        pen.put("cbc:TaxAmount", amount_text(totals.tax), currencyID=totals.tax.currency)
        for row in document.taxes:
            _tax_row(pen, row, scheme)
    if totals.tax_in_tax_currency is not None:
        with pen.within("cac:TaxTotal"):
            there = totals.tax_in_tax_currency
            pen.put("cbc:TaxAmount", amount_text(there), currencyID=there.currency)


def _tax_row(pen: Pen, row: TaxBreakdown, scheme: Scheme) -> None:
    with pen.within("cac:TaxSubtotal"):
        pen.put("cbc:TaxableAmount", amount_text(row.taxable), currencyID=row.taxable.currency)
        pen.put("cbc:TaxAmount", amount_text(row.tax), currencyID=row.tax.currency)
        with pen.within("cac:TaxCategory"):
            pen.put("cbc:ID", scheme.category(row.category))
            # BR-DE-14: a rate stands even where none applies.
            pen.put("cbc:Percent", number_text(row.rate) or ("0" if scheme.german else ""))
            pen.put("cbc:TaxExemptionReasonCode", row.exemption_code)
            pen.put("cbc:TaxExemptionReason", row.exemption_reason)
            scheme.put(pen)


def _totals(pen: Pen, totals: Totals | None) -> None:
    if totals is None:
        return
    optional = ("allowances", "charges", "prepaid", "rounding")
    with pen.within("cac:LegalMonetaryTotal"):
        for name, element in ORDER:
            money = getattr(totals, name)
            if money or name not in optional:
                pen.put(f"cbc:{element}", amount_text(money), currencyID=money.currency)


ORDER = (
    ("line_net", "LineExtensionAmount"),
    ("net", "TaxExclusiveAmount"),
    ("gross", "TaxInclusiveAmount"),
    ("allowances", "AllowanceTotalAmount"),
    ("charges", "ChargeTotalAmount"),
    ("prepaid", "PrepaidAmount"),
    ("rounding", "PayableRoundingAmount"),
    ("due", "PayableAmount"),
)
