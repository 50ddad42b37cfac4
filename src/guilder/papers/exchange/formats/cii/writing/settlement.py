"""How a CII paper is to be paid, its taxes and its sums."""

from __future__ import annotations

import re
from typing import cast

from guilder.kernel.document import CreditTransfer, Document, PaymentMeans, Totals
from guilder.papers.exchange.formats.cii.writing import parties
from guilder.papers.exchange.formats.cii.writing.days import put_day, put_period
from guilder.papers.exchange.formats.cii.writing.lines import levels
from guilder.papers.exchange.formats.codes import DISCOUNT, TAX_POINTS, discount_lines
from guilder.papers.exchange.formats.pen import Pen, amount_text, number_text

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9 ]{8,40}")
TAX_POINT_CODES = {ours: theirs for theirs, ours in TAX_POINTS.items()}
TOTALS = (
    ("line_net", "LineTotalAmount"),
    ("charges", "ChargeTotalAmount"),
    ("allowances", "AllowanceTotalAmount"),
    ("net", "TaxBasisTotalAmount"),
    ("tax", "TaxTotalAmount"),
    ("tax_in_tax_currency", "TaxTotalAmount"),
    ("rounding", "RoundingAmount"),
    ("gross", "GrandTotalAmount"),
    ("prepaid", "TotalPrepaidAmount"),
    ("due", "DuePayableAmount"),
)
OPTIONAL = frozenset(("charges", "allowances", "rounding", "prepaid"))
IN_A_CURRENCY = frozenset(("tax", "tax_in_tax_currency"))


def write(pen: Pen, document: Document, *, extended: bool, german: bool) -> None:
    """All of the settlement.

    `extended` has discounts and instalments in elements of their own; `german` is XRechnung.
    """
    totals = cast("Totals", document.totals)
    debits = [means.direct_debit for means in document.payment if means.direct_debit]
    with pen.within("ram:ApplicableHeaderTradeSettlement"):
        pen.put("ram:CreditorReferenceID", next((d.creditor for d in debits if d.creditor), ""))
        remittance = next((m.remittance for m in document.payment if m.remittance), "")
        pen.put("ram:PaymentReference", remittance)
        if totals.tax_in_tax_currency is not None:
            pen.put("ram:TaxCurrencyCode", document.tax_currency)
        pen.put("ram:InvoiceCurrencyCode", document.currency)
        parties.payee(pen, document.payee)
        for means in document.payment:
            _means(pen, means)
        _taxes(pen, document, german=german)
        put_period(pen, document.period)
        levels(pen, document)
        mandate = next((debit.mandate for debit in debits if debit.mandate), "")
        _terms(pen, document, mandate, extended=extended)
        _totals(pen, totals)
        for before in document.preceding[:1]:  # the schema of D16B has room for one
            with pen.within("ram:InvoiceReferencedDocument"):
                pen.put("ram:IssuerAssignedID", before.number)
                put_day(pen, "ram:FormattedIssueDateTime", before.issued_on, "qdt:DateTimeString")
        with pen.within("ram:ReceivableSpecifiedTradeAccountingAccount"):
            pen.put("ram:ID", document.buyer_accounting_reference)


def _means(pen: Pen, means: PaymentMeans) -> None:
    """BG-16: CII has one account in each, so that several accounts are several means."""
    for transfer in means.transfers or (None,):
        with pen.within("ram:SpecifiedTradeSettlementPaymentMeans"):
            pen.put("ram:TypeCode", means.code)
            pen.put("ram:Information", means.text)
            if means.card is not None:
                with pen.within("ram:ApplicableTradeSettlementFinancialCard"):
                    pen.put("ram:ID", means.card.number)
                    pen.put("ram:CardholderName", means.card.holder)
            if means.direct_debit is not None:
                with pen.within("ram:PayerPartyDebtorFinancialAccount"):
                    pen.put("ram:IBANID", means.direct_debit.account)
            if transfer is not None:
                _transfer(pen, transfer)


def _transfer(pen: Pen, transfer: CreditTransfer) -> None:
    is_iban = IBAN.fullmatch(transfer.account)
    with pen.within("ram:PayeePartyCreditorFinancialAccount"):
        pen.put("ram:IBANID", transfer.account if is_iban else "")
        pen.put("ram:AccountName", transfer.account_name)
        pen.put("ram:ProprietaryID", "" if is_iban else transfer.account)
    with pen.within("ram:PayeeSpecifiedCreditorFinancialInstitution"):
        pen.put("ram:BICID", transfer.bank)


def _taxes(pen: Pen, document: Document, *, german: bool) -> None:
    point = document.tax_point_code
    for index, row in enumerate(document.taxes):
        with pen.within("ram:ApplicableTradeTax"):
            pen.put("ram:CalculatedAmount", amount_text(row.tax))
            pen.put("ram:TypeCode", "VAT")
            pen.put("ram:ExemptionReason", row.exemption_reason)
            pen.put("ram:BasisAmount", amount_text(row.taxable))
            pen.put("ram:CategoryCode", row.category)
            pen.put("ram:ExemptionReasonCode", row.exemption_code)
            if not index:  # CII-SR-461: said once
                put_day(pen, "ram:TaxPointDate", document.tax_point_on, "udt:DateString")
            pen.put("ram:DueDateTypeCode", TAX_POINT_CODES.get(point, point))
            # BR-DE-14: a rate stands even where none applies.
            rate = number_text(row.rate) or ("0" if german else "")
            pen.put("ram:RateApplicablePercent", rate)


def _terms(pen: Pen, document: Document, mandate: str, *, extended: bool) -> None:
    whole = discount_lines(document)
    text = DISCOUNT.sub("", whole).strip() if extended else whole
    parts = document.instalments if extended else ()
    with pen.within("ram:SpecifiedTradePaymentTerms"):
        pen.put("ram:Description", text, keep=True)
        if not parts:
            put_day(pen, "ram:DueDateDateTime", document.due_on)
        pen.put("ram:DirectDebitMandateID", mandate)
    for discount in document.early_discounts if extended else ():
        with (
            pen.within("ram:SpecifiedTradePaymentTerms"),
            pen.within("ram:ApplicableTradePaymentDiscountTerms"),
        ):
            pen.put("ram:BasisPeriodMeasure", str(discount.days), unitCode="DAY")
            pen.put("ram:CalculationPercent", number_text(discount.percent))
    for part in parts:
        with pen.within("ram:SpecifiedTradePaymentTerms"):
            put_day(pen, "ram:DueDateDateTime", part.due_on)
            pen.put("ram:PartialPaymentAmount", amount_text(part.amount))


def _totals(pen: Pen, totals: Totals) -> None:
    with pen.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation"):
        for name, element in TOTALS:
            money = getattr(totals, name)
            if money is None or (not money and name in OPTIONAL):
                continue
            currency = money.currency if name in IN_A_CURRENCY else ""
            pen.put(f"ram:{element}", amount_text(money), currencyID=currency)
