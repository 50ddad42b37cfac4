"""Invoices and their kin, quotes, frozen papers, and how credits were used."""

from guilder.books.invoicing.models.after import (
    CreditAllocation,
    Deduction,
    IssuedDocument,
    WriteOff,
)
from guilder.books.invoicing.models.discounts import Discount, DiscountPolicy
from guilder.books.invoicing.models.invoices import Invoice, InvoiceLine, InvoiceTax, Status
from guilder.books.invoicing.models.quotes import Quote, QuoteLine

__all__ = (
    "CreditAllocation",
    "Deduction",
    "Discount",
    "DiscountPolicy",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "IssuedDocument",
    "Quote",
    "QuoteLine",
    "Status",
    "WriteOff",
)
