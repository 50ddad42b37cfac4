"""Reading invoices, quotes, credits; their papers; and proving that all of it holds."""

from guilder.books.invoicing.proofs import PROOFS
from guilder.books.invoicing.queries.balances import Age, Balance, ageing, balances, owing
from guilder.books.invoicing.queries.clients import (
    ClientFigures,
    ClientFilter,
    ClientRecord,
    NotAClientSort,
    average_days,
    client_counts,
    client_figures,
    client_ids,
    client_sort_value,
    list_clients,
)
from guilder.books.invoicing.queries.drafting import (
    Deposit,
    LastPrice,
    deposits_for,
    last_prices,
    quote_values,
)
from guilder.books.invoicing.queries.figures import InvoiceFigures, counts, figures, ids_of
from guilder.books.invoicing.queries.links import (
    Linked,
    Settlement,
    days_to_pay,
    links_of,
    settlements_of,
)
from guilder.books.invoicing.queries.lists import (
    InvoiceFilter,
    NotASort,
    count_invoices,
    list_invoices,
    open_invoices,
)
from guilder.books.invoicing.queries.outside import OpenPaper, open_for_client
from guilder.books.invoicing.queries.proving import Proof, ProofStep, prove
from guilder.books.invoicing.queries.quote_lists import (
    QuoteFilter,
    count_quotes,
    find_quotes,
    ids_of_quotes,
    quote_place,
    sum_quotes,
)
from guilder.books.invoicing.queries.quotes import (
    QuoteRecord,
    get_quote,
    get_quote_document,
    list_quotes,
)
from guilder.books.invoicing.queries.reads import (
    Frozen,
    get_document,
    get_invoice,
    get_issued,
    issue_of,
    list_credits,
    preview,
)
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchInvoice, NoSuchQuote
from guilder.books.invoicing.queries.series import Gap, gap_report
from guilder.books.invoicing.queries.sketches import Sketch, obstacles, raw_values, sketch
from guilder.books.invoicing.queries.words import words_of

__all__ = (
    "Age",
    "Balance",
    "ClientFigures",
    "ClientFilter",
    "ClientRecord",
    "Deposit",
    "Frozen",
    "Gap",
    "InvoiceFigures",
    "InvoiceFilter",
    "InvoiceRecord",
    "LastPrice",
    "Linked",
    "NoSuchInvoice",
    "NoSuchQuote",
    "NotAClientSort",
    "NotASort",
    "OpenPaper",
    "Proof",
    "ProofStep",
    "QuoteFilter",
    "QuoteRecord",
    "Settlement",
    "Sketch",
    "ageing",
    "average_days",
    "balances",
    "client_counts",
    "client_figures",
    "client_ids",
    "client_sort_value",
    "count_invoices",
    "count_quotes",
    "counts",
    "days_to_pay",
    "deposits_for",
    "figures",
    "find_quotes",
    "gap_report",
    "get_document",
    "get_invoice",
    "get_issued",
    "get_quote",
    "get_quote_document",
    "ids_of",
    "ids_of_quotes",
    "issue_of",
    "last_prices",
    "links_of",
    "list_clients",
    "list_credits",
    "list_invoices",
    "list_quotes",
    "obstacles",
    "open_for_client",
    "open_invoices",
    "owing",
    "preview",
    "proofs",
    "prove",
    "quote_place",
    "quote_values",
    "raw_values",
    "settlements_of",
    "sketch",
    "sum_quotes",
    "words_of",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
