"""Links for people outside: the page of one issued document, or of one quote that went out."""

from datetime import timedelta
from uuid import UUID

from guilder.books.invoicing.operations.marks import NotIssued
from guilder.books.invoicing.queries.quotes import get_quote
from guilder.books.invoicing.queries.reads import get_invoice
from guilder.foundation.identity import operations as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict

PAY, QUOTE = "pay", "quote"
LASTS = timedelta(days=730)
PATHS = {PAY: "/pay/{secret}/", QUOTE: "/quote/{secret}/"}


class NotOut(Conflict):
    """The quote has not gone out, so there is nothing for its client to see."""

    code = "quote.not_out"


def pay_link(invoice_id: UUID, *, by: Actor) -> str:
    """The path of the client's page of an issued document, such as `/pay/Xk…/`: the same each time.

    Whoever has it sees that document and nothing else, for two years. Put BASE_URL before it.
    Raises NoSuchInvoice, marks.NotIssued.
    """
    record = get_invoice(invoice_id, by=by)
    if record.status != "issued":
        raise NotIssued("Issue the draft first: its client sees nothing before.")
    return path(PAY, invoice_id, by=by)


def quote_link(quote_id: UUID, *, by: Actor) -> str:
    """The path of the client's page of a quote that went out. Raises NoSuchQuote, NotOut."""
    record = get_quote(quote_id, by=by)
    if not record.number:
        raise NotOut("Send the quote out first: its client sees nothing before.")
    return path(QUOTE, quote_id, by=by)


def revoke_links(target_id: UUID, *, by: Actor) -> int:
    """End the links to a document or quote; gives how many there were. The next link is another."""
    by.require("invoice.send")
    ended = [identity.revoke_access_tokens(by=by, kind=kind, target_id=target_id) for kind in PATHS]
    return sum(ended)


def path(kind: str, target_id: UUID, *, by: Actor) -> str:
    """The path of the standing link of a kind."""
    secret = identity.standing_link(by=by, kind=kind, target_id=target_id, valid_for=LASTS)
    return PATHS[kind].format(secret=secret)
