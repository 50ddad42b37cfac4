"""The public shape of a bill: REST, webhooks and exports."""

from datetime import date
from typing import Any

from guilder.books.bills.models import Bill, BillLine
from guilder.kernel.canonical.writing import decimal_text
from guilder.kernel.money import Money


def bill_resource(row: Bill, *, on: date) -> dict[str, Any]:
    """A bill as JSON; amounts are decimal text in its currency. `on` says what is overdue."""
    return {
        "id": row.id,
        "supplier": row.partner_id,
        "supplier_name": row.supplier_name,
        "kind": row.kind,
        "status": row.status_word(on=on),
        "number": row.number,
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "supplied_on": row.supplied_on,
        "booked_on": row.booked_on,
        "cancelled_on": row.cancelled_on,
        "cancelled_reason": row.cancelled_reason,
        "currency": row.currency,
        "totals": {
            "net": told(row, row.net_amount),
            "tax": told(row, row.tax_amount),
            "gross": told(row, row.gross_amount),
            "prepaid": told(row, row.prepaid_amount),
            "rounding": told(row, row.rounding_amount),
            "due": told(row, row.payable_amount),
        },
        "paid": told(row, row.allocated_amount),
        "credited": told(row, row.credited_amount),
        "open": told(row, row.open_amount),
        "iban": row.iban,
        "bic": row.bic,
        "remittance": row.remittance,
        "order_reference": row.order_reference,
        "notes": row.notes,
        "is_read": row.is_read,
        "sha256": row.sha256 or None,
        "lines": [line_resource(row, one) for one in by_place(row)],
        "tax_breakdown": [
            {
                "category": one.category,
                "rate": None if one.rate is None else decimal_text(one.rate),
                "taxable": told(row, one.taxable_amount),
                "tax": told(row, one.tax_amount),
                "own_rate": None if one.own_rate is None else decimal_text(one.own_rate),
                "own_tax": told(row, one.own_amount),
            }
            for one in row.taxes.all()
        ],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "version": row.version,
    }


def bill_summary(row: Bill, *, on: date) -> dict[str, Any]:
    """A bill as it stands in a list."""
    return {
        "id": row.id,
        "supplier": row.partner_id,
        "supplier_name": row.supplier_name,
        "kind": row.kind,
        "status": row.status_word(on=on),
        "number": row.number,
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "currency": row.currency,
        "due": told(row, row.payable_amount),
        "open": told(row, row.open_amount),
    }


def line_resource(row: Bill, line: BillLine) -> dict[str, Any]:
    """A line of a bill with the account that it goes to; null is the usual one."""
    return {
        "position": line.position,
        "kind": line.kind,
        "name": line.name,
        "description": line.description,
        "quantity": decimal_text(line.quantity),
        "unit": line.unit,
        "unit_price": decimal_text(line.unit_price),
        "net": told(row, line.net_amount),
        "tax_category": line.tax_category,
        "tax_rate": None if line.tax_rate is None else decimal_text(line.tax_rate),
        "account": line.account_id,
        "account_code": line.account.code if line.account is not None else None,
    }


def by_place(row: Bill) -> list[BillLine]:
    """The lines in their order, also where they were read in another one."""
    return sorted(row.lines.all(), key=lambda one: one.position)


def told(row: Bill, minor: int) -> str:
    """An amount of the bill as decimal text."""
    return str(Money(minor, row.currency))
