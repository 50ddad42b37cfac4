"""Writing a paper as a table: one row a line, in the columns that `formats.csv` reads."""

from __future__ import annotations

import csv
import io
from typing import cast

from guilder.kernel.cells import harmless
from guilder.kernel.document import Document, Line, Totals
from guilder.papers.exchange.formats.csv import COLUMNS
from guilder.papers.exchange.formats.pen import amount_text, day_text, number_text
from guilder.papers.exchange.formats.targets import Target

MARK = "\ufeff"  # so that spreadsheets take it for UTF-8


def write(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, as a table. Text that a spreadsheet would run is defused."""
    del target
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, fieldnames=list(COLUMNS), lineterminator="\r\n")
    table.writeheader()
    head = _head(document)
    for line in document.lines:
        table.writerow({**head, **_line(line)})
    return (MARK + out.getvalue()).encode()


def _head(document: Document) -> dict[str, str]:
    totals, buyer = cast("Totals", document.totals), document.buyer
    texts = {
        "number": document.number,
        "kind": document.kind.value,
        "currency": document.currency,
        "client": buyer.name,
        "client_email": buyer.contact.email,
        "client_vat_id": buyer.vat_id,
        "client_line1": buyer.address.line1,
        "client_postal_code": buyer.address.postal_code,
        "client_city": buyer.address.city,
        "client_country": buyer.address.country,
        "buyer_reference": document.buyer_reference,
        "order_reference": document.order_reference,
        "payment_terms": document.payment_terms,
        "document_note": "\n".join(note.text for note in document.notes),
    }
    return {name: harmless(text) for name, text in texts.items()} | {
        "issued_on": day_text(document.issued_on),
        "due_on": day_text(document.due_on),
        "prepaid": amount_text(document.prepaid) if document.prepaid else "",
        "total_net": amount_text(totals.net),
        "total_tax": amount_text(totals.tax),
        "total_gross": amount_text(totals.gross),
        "total_due": amount_text(totals.due),
    }


def _line(line: Line) -> dict[str, str]:
    texts = {
        "line_id": line.id,
        "name": line.item.name,
        "description": line.item.description,
        "item_code": line.item.seller_id,
        "unit": line.unit,
        "tax_category": line.tax.category,
        "exemption_reason": line.tax.exemption_reason,
        "note": line.note,
    }
    return {name: harmless(text) for name, text in texts.items()} | {
        "quantity": number_text(line.quantity),
        "unit_price": number_text(line.price.amount),
        "base_quantity": number_text(line.price.base_quantity),
        "tax_rate": number_text(line.tax.rate),
        "net": amount_text(line.net) if line.net is not None else "",
    }
