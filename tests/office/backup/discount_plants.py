"""Breaches of what always holds of discounts for early payment."""

from typing import Any

from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks


def make_discount_scene(by: Any) -> None:
    """An invoice that its client paid early."""
    terms = {"due": {"days": 30}, "discounts": [{"days": 10, "percent": "2"}]}
    make.payment(by, make.issued_invoice(by, terms=terms), "116.62")


def discounts_after(connection: Connection, scene: Scene, change: str) -> Planted:
    """The organization's discounts once they were changed so."""
    rows = connection.execute(
        f"UPDATE invoicing_discount SET {change} WHERE organization_id = %s RETURNING id",
        [scene.organization],
    ).fetchall()
    assert rows
    return {row[0] for row in rows}


@breaks("INV-C6")
def a_discount_loses_its_parts(connection: Connection, scene: Scene) -> Planted:
    return discounts_after(connection, scene, "parts = '[]'")


@breaks("INV-C6")
def a_discount_loses_its_payment(connection: Connection, scene: Scene) -> Planted:
    return discounts_after(connection, scene, "payment_id = invoice_id")
