"""What the index does when it hears of something: writes the thing anew, here and now."""

from typing import Any
from uuid import UUID

from guilder.office.search import tasks


def on_invoice(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """An invoice or its kin was made, changed, issued or thrown away."""
    tasks.index("invoice", event.invoice_id, organization_id=organization_id)


def on_quote(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A quote was made, changed, sent or thrown away."""
    tasks.index("quote", event.quote_id, organization_id=organization_id)


def on_payment(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """Money came in, or did not after all."""
    tasks.index("payment", event.payment_id, organization_id=organization_id)


def on_partner(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A partner was entered, changed, put away or deleted."""
    tasks.index("partner", event.partner_id, organization_id=organization_id)
    if name := getattr(event, "name", ""):
        tasks.rename(event.partner_id, name, organization_id=organization_id)


def on_item(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """An item was entered, changed, put away or deleted."""
    tasks.index("item", event.item_id, organization_id=organization_id)
