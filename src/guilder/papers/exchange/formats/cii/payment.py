"""How a CII paper is to be paid: means, accounts, discounts for early payment, instalments."""

from __future__ import annotations

from guilder.kernel.document import (
    CreditTransfer,
    DirectDebit,
    EarlyDiscount,
    Instalment,
    PaymentCard,
    PaymentMeans,
)
from guilder.papers.exchange.formats.codes import DIRECT_DEBITS, merged
from guilder.papers.exchange.formats.nodes import Node


def discounts(settlement: Node) -> tuple[EarlyDiscount, ...]:
    """Factur-X EXTENDED, BG-X-44: a percentage for paying within some days of the issue date."""
    found: list[EarlyDiscount] = []
    at = "/early_discounts"
    path = ("SpecifiedTradePaymentTerms", "ApplicableTradePaymentDiscountTerms")
    for entry in settlement.all(*path):
        measure = entry.first("BasisPeriodMeasure")
        if entry.first("BasisDateTime") or measure.attribute("unitCode") != "DAY":
            continue  # counted from another day or in another unit: told as not kept
        days = measure.decimal(f"{at}/days")
        percent = entry.decimal(f"{at}/percent", "CalculationPercent")
        if days is not None and percent is not None:
            found.append(EarlyDiscount(days=int(days), percent=percent))
    return tuple(found)


def instalments(settlement: Node) -> tuple[Instalment, ...]:
    """Factur-X EXTENDED: terms with a partial amount (BT-X-275) are parts of what is due."""
    found: list[Instalment] = []
    for index, entry in enumerate(settlement.all("SpecifiedTradePaymentTerms")):
        at = f"/instalments/{index}"
        amount = entry.money(f"{at}/amount", "PartialPaymentAmount")
        due_on = entry.day(f"{at}/due_on", "DueDateDateTime", "DateTimeString")
        if amount is not None and due_on is not None:
            found.append(Instalment(due_on=due_on, amount=amount))
    return tuple(found)


def means(settlement: Node) -> tuple[PaymentMeans, ...]:
    """BG-16 with BG-17, BG-18 and BG-19; reference, creditor and mandate stand elsewhere in CII."""
    remittance = settlement.text("PaymentReference")
    creditor = settlement.text("CreditorReferenceID")
    mandate = settlement.text("SpecifiedTradePaymentTerms", "DirectDebitMandateID")
    found: list[PaymentMeans] = []
    for entry in settlement.all("SpecifiedTradeSettlementPaymentMeans"):
        code = entry.text("TypeCode")
        debtor = entry.text("PayerPartyDebtorFinancialAccount", "IBANID")
        collects = bool(debtor) or code in DIRECT_DEBITS
        debit = DirectDebit(mandate=mandate, creditor=creditor, account=debtor)
        means = PaymentMeans(
            code=code,
            text="\n".join(entry.texts("Information")),
            remittance=remittance,
            transfers=_transfers(entry),
            card=_card(entry.first("ApplicableTradeSettlementFinancialCard")),
            direct_debit=debit if collects else None,
        )
        found.append(means)
    if not found and (remittance or creditor or mandate):
        debit = DirectDebit(mandate=mandate, creditor=creditor)
        wanted = debit if creditor or mandate else None
        found.append(PaymentMeans(remittance=remittance, direct_debit=wanted))
    return merged(found)


def _transfers(node: Node) -> tuple[CreditTransfer, ...]:
    account = node.first("PayeePartyCreditorFinancialAccount")
    if not account:
        return ()
    found = CreditTransfer(
        account=account.text("IBANID") or account.text("ProprietaryID"),
        account_name=account.text("AccountName"),
        bank=node.text("PayeeSpecifiedCreditorFinancialInstitution", "BICID"),
    )
    return (found,)


def _card(node: Node) -> PaymentCard | None:
    if not node:
        return None
    return PaymentCard(number=node.text("ID"), holder=node.text("CardholderName"))
