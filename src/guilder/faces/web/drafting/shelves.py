"""The kinds of paper that the editor writes: where each is kept, and its addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guilder.books.invoicing import operations, queries
from guilder.kernel.document import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One kind of paper. `read`, `raw`, `create` and `update` are its book's own; `routes` begin
    with `name`, such as web:invoice_edit."""

    name: str
    section: str
    kind: Kind | None
    table: str
    permission: str  # what writing a new one needs
    plural: str | Promise
    new_title: str | Promise
    draft_title: str | Promise
    review_label: str | Promise
    frozen: str | Promise
    read: Callable[..., Any]
    raw: Callable[..., dict[str, Any]]
    create: Callable[..., Any]
    update: Callable[..., Any]

    def url(self, verb: str, paper_id: UUID | None = None) -> str:
        """The address of a verb: `new`, `figures`, or with an id `edit`, `review` and so on."""
        route = f"web:{self.name}_{verb}" if verb else f"web:{self.name}"
        return reverse(route, args=[paper_id] if paper_id else None)

    @property
    def list_url(self) -> str:
        """The address of the list of such papers."""
        return reverse(f"web:{self.section}")

    def is_draft(self, record: Any) -> bool:
        """Whether a record may still be changed."""
        return getattr(record, "status", "") == "draft" or getattr(record, "state", "") == "draft"


INVOICES = Shelf(
    name="invoice",
    section="invoices",
    kind=None,
    table="invoicing_invoice",
    permission="invoice.create",
    plural=_("Invoices"),
    new_title=_("New invoice"),
    draft_title=_("Draft for %(client)s"),
    review_label=_("Review and send"),
    frozen=_("It is issued and never changes. Credit it instead."),
    read=queries.get_invoice,
    raw=queries.raw_values,
    create=operations.create_draft,
    update=operations.update_draft,
)
QUOTES = Shelf(
    name="quote",
    section="quotes",
    kind=Kind.QUOTE,
    table="invoicing_quote",
    permission="quote.edit",
    plural=_("Quotes"),
    new_title=_("New quote"),
    draft_title=_("Quote for %(client)s"),
    review_label=_("Review and send"),
    frozen=_("It was sent and never changes. Duplicate it instead."),
    read=queries.get_quote,
    raw=queries.quote_values,
    create=operations.create_quote,
    update=operations.update_quote,
)
