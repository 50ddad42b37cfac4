"""Whose papers a command is about, and finding one by what people call it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import queries as invoicing
from guilder.faces.cli.whose import as_id, organization_of
from guilder.foundation.identity import operations as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, NotFound

SHOWN = 5


class NoSuchPaper(NotFound):
    """Nothing is called that."""

    code = "cli.no_such_paper"


class WhichPaper(Conflict):
    """Several are called that."""

    code = "cli.which_paper"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts, in which organization, and when: now, and today by its own time zone."""

    by: Actor
    now: datetime
    today: date

    @classmethod
    def of(cls, organization: str) -> "Desk":
        """The desk of an organization that was named, or of the only one."""
        found = organization_of(organization)
        now = datetime.now(UTC)
        today = now.astimezone(ZoneInfo(found.time_zone)).date()
        return cls(identity.system_actor(found.id, source="cli"), now, today)

    def invoice(self, name: str) -> Any:
        """The invoice of a number, a draft reference or an id. Raises NoSuchPaper, WhichPaper."""
        invoice_id: UUID | None = as_id(name)
        if invoice_id is not None:
            return invoicing.get_invoice(invoice_id, by=self.by)
        numbered = invoicing.InvoiceFilter(today=self.today, number=name)
        found = invoicing.list_invoices(numbered, by=self.by, limit=SHOWN)
        if not found:
            like = invoicing.InvoiceFilter(today=self.today, q=name)
            rows = invoicing.list_invoices(like, by=self.by, limit=50)
            found = [row for row in rows if row.draft_reference == name]
        if not found:
            raise NoSuchPaper(f"There is no invoice {name}. `guilder invoice list` names them.")
        if len(found) > 1:
            ids = ", ".join(f"{row.kind} {row.id}" for row in found)
            raise WhichPaper(f"Several papers are called {name}. Say which by its id: {ids}.")
        return invoicing.get_invoice(found[0].id, by=self.by)
