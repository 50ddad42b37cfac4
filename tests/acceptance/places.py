"""Every page there is: the addresses of the web face, filled in with rows of an organization.

A new page is swept by itself; only a new name of a row (`<uuid:contract_id>`) is told in `rows_of`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Error as PlaywrightError

from tests.acceptance.people import Firm

# By a secret of their own, which OTHER addresses lead to; and what the signed-in never see.
SECRET = re.compile(r"<(?:uuid:link|str:(?:signed|secret|token|key))>")
NOT_FOR_SIGNED_IN = {"sign_in", "setup", "sign_out", "design_breaks", "design_sheet"}
# Files, pictures and pieces of pages: the browser's own viewers would answer for them.
NO_PAGE = re.compile(
    r"_(?:pdf|page|export|file|csv|picture|journal|sums|suggestions|part)$|^(?:file|palette|session)$"
)
# Rows in other states, and answers to questions: path, with the rows' names in it.
OTHER = {
    "draft": "/invoices/{draft_id}/",
    "draft, asked": "/invoices/{draft_id}/?ask=issue",
    "invoice, paid": "/invoices/{paid_id}/",
    "invoices, none found": "/invoices/?q=nothing+is+called+so",
    "invoices, drafts": "/invoices/?view=drafts",
    "quote, draft": "/quotes/{quote_draft_id}/",
    "client, payments": "/clients/{client_id}/?tab=payments",
    "client, statement": "/clients/{client_id}/?tab=statement",
    "client, agreement": "/clients/{client_id}/?tab=agreement",
    "client, history": "/clients/{client_id}/?tab=history",
    "client, a contact": "/clients/{client_id}/contacts/new/edit/",
    "credit note": "/invoices/{credit_note_id}/",
    "credit note, applied": "/invoices/{credit_note_id}/apply/",
    "payment of an invoice": "/payments/new/?invoice={invoice_id}",
    "search, found": "/search/?q=hotel",
    "report, revenue": "/reports/revenue/?compare=year",
    "report, revenue by client": "/reports/revenue/?group=client",
    "report, ageing": "/reports/ageing/",
    "report, tax": "/reports/tax/?period=this_year",
    "report, payments": "/reports/payments/?period=last_12_months",
    "report, pace": "/reports/pace/?period=last_12_months",
    "report, profit": "/reports/profit/?compare=before",
    "report, balance": "/reports/balance/",
    "report, documents": "/reports/revenue/documents/?period=this_year",
    "report, close, asked": "/reports/close/?ask=lock",
    "settings, words in Arabic": "/settings/words/?kind=quote&language=ar",
    "no such page": "/nowhere/",
}


def routes() -> dict[str, str]:
    """Name → path with `{gaps}` of every address that a signed-in person may open."""
    found = {}
    for name, path in _walk(get_resolver().url_patterns, ""):
        if not (name in NOT_FOR_SIGNED_IN or NO_PAGE.search(name) or SECRET.search(path)):
            found[name] = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return found | OTHER


def _walk(patterns: list[Any], before: str, *, ours: bool = False) -> Iterator[tuple[str, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, path, ours=ours or one.namespace == "web")
        elif isinstance(one, URLPattern) and ours and one.name and _answers(one.callback):
            yield one.name, path


def _answers(view: Any) -> bool:
    return "GET" in getattr(view, "methods", {"GET"})


@lru_cache(maxsize=8)
def rows_of(firm: Firm) -> dict[str, str]:
    """The rows that stand in the gaps: gap → id."""
    from guilder.books.invoicing.models import Invoice, Quote
    from guilder.books.ledger.models import Account
    from guilder.books.payments.models import Payment
    from guilder.foundation.audit.models import AuditEntry
    from guilder.foundation.events.models import Event
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.calls.models import ApiCall
    from guilder.office.dispatch.models import Mail
    from guilder.office.webhooks.models import Delivery, Endpoint
    from guilder.registers.catalogue.models import Item
    from guilder.registers.numbering.models import Series
    from guilder.registers.parties.models import Partner

    def newest(model: Any, **where: Any) -> UUID | None:
        rows = model.objects.of(firm.organization).filter(**where)
        return rows.order_by("-id").values_list("id", flat=True).first()

    with transaction(firm.organization):
        invoice = newest(Invoice, status="issued", kind="invoice", open_amount__gt=0)
        client = newest(Invoice, id=invoice) and Invoice.objects.get(id=invoice).partner_id
        rows = {
            "invoice_id": invoice,
            "draft_id": newest(Invoice, status="draft"),
            "paid_id": newest(Invoice, status="issued", kind="invoice", open_amount=0),
            "credit_note_id": newest(Invoice, status="issued", kind="credit_note"),
            "client_id": client or newest(Partner),
            "partner_id": client or newest(Partner),
            "item_id": newest(Item),
            "payment_id": newest(Payment),
            "quote_id": newest(Quote, state="sent") or newest(Quote),
            "quote_draft_id": newest(Quote, state="draft"),
            "mail_id": newest(Mail),
            "series_id": newest(Series),
            "account_id": newest(Account),
            "event_id": newest(Event, type="invoice.issued"),
            "entry_id": newest(AuditEntry, action="partner.create"),
            "endpoint_id": newest(Endpoint),
            "delivery_id": newest(Delivery),
            "call_id": newest(ApiCall),
            "number": 1,
        }
    return {name: str(value) for name, value in rows.items() if value is not None}


def path_of(name: str, firm: Firm) -> str:
    """The address of a place in an organization; "" where the organization has no such row."""
    path = routes()[name]
    if name == "invoice_edit":
        path = path.replace("{invoice_id}", "{draft_id}")
    gaps = set(re.findall(r"\{(\w+)\}", path))
    rows = rows_of(firm)
    return path.format_map(rows) if gaps <= set(rows) else ""


def go(page: Any, path: str) -> bool:
    """Open an address; False where it answers with no page: an act, a file, a piece, a stream."""
    try:
        answer = page.goto(path, wait_until="commit")
    except PlaywrightError:  # the browser would save it as a file
        return False
    if answer.status == 405 or "text/html" not in answer.headers.get("content-type", ""):
        return False
    page.wait_for_load_state("load")
    return bool(page.evaluate("() => document.doctype && document.documentElement.lang"))
