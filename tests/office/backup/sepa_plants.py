"""A small life of a collection, and a breach of each of its invariants."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks, one

ON_ITS_DAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
ITEM = (
    "SELECT id FROM sepa_item WHERE organization_id = %s AND state = %s AND invoice_id IS NOT NULL"
)
REFUND = (
    "SELECT id FROM sepa_item WHERE organization_id = %s AND state = %s AND refund_id IS NOT NULL"
)


def make_order_scene(by: Any) -> None:
    """Two invoices collected: one is paid, the other came back."""
    from guilder.books.sepa import operations
    from tests.books.sepa import making

    making.creditor(by)
    client = make.client(by)
    making.mandate(by, client)
    for _ in range(2):
        making.due(by, client)
    batch = making.handed(by, making.collection(by))
    operations.book_due(by=by, at=ON_ITS_DAY)
    item = making.items(by, batch)[0]
    operations.reject_order(
        batch.id, item.id, by=by, on=ON_ITS_DAY.date(), at=ON_ITS_DAY, code="MD06"
    )


def make_refund_scene(by: Any) -> None:
    """One refund was transferred, another was refused by the bank."""
    from guilder.books.sepa import operations
    from tests.books.sepa import making
    from tests.books.sepa.test_refunds import asked, paid_in, transfer

    client = make.client(by, bank_accounts=[{"iban": making.OTHER_IBAN}])
    payment = paid_in(by, client)
    batch = making.handed(by, transfer(by, *(asked(by, payment) for _ in range(2))))
    first = making.items(by, batch)[0]
    operations.reject_order(batch.id, first.id, by=by, on=make.TODAY, at=make.NOW, code="AC04")
    operations.book_due(by=by, at=ON_ITS_DAY)


def changed(connection: Connection, statement: str, item_id: UUID) -> Planted:
    """A change of an order that its guard would refuse."""
    connection.execute("ALTER TABLE sepa_item DISABLE TRIGGER sepa_item_guard")
    connection.execute(statement, [item_id])
    connection.execute("ALTER TABLE sepa_item ENABLE TRIGGER sepa_item_guard")
    return {item_id}


@breaks("INV-O1")
def the_payment_of_an_order_is_of_another_amount(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, ITEM, scene.organization, "booked")
    return changed(connection, "UPDATE sepa_item SET amount = amount + 1 WHERE id = %s", wrong)


@breaks("INV-O1")
def an_order_is_booked_that_the_bank_never_had(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, ITEM, scene.organization, "booked")
    other = one(connection, ITEM, scene.organization, "returned")
    connection.execute("ALTER TABLE sepa_batch DISABLE TRIGGER sepa_batch_guard")
    connection.execute(
        "UPDATE sepa_batch SET status = 'closed' FROM sepa_item i"
        " WHERE i.batch_id = sepa_batch.id AND i.id = %s",
        [wrong],
    )
    connection.execute("ALTER TABLE sepa_batch ENABLE TRIGGER sepa_batch_guard")
    return {wrong, other}


@breaks("INV-O1")
def the_refund_of_an_order_is_of_another_amount(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, REFUND, scene.organization, "booked")
    return changed(connection, "UPDATE sepa_item SET amount = amount + 1 WHERE id = %s", wrong)


@breaks("INV-O2")
def a_refused_order_keeps_its_refund(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, REFUND, scene.organization, "booked")
    return changed(connection, "UPDATE sepa_item SET state = 'rejected' WHERE id = %s", wrong)


@breaks("INV-O2")
def a_returned_order_keeps_its_money(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, ITEM, scene.organization, "booked")
    return changed(connection, "UPDATE sepa_item SET state = 'returned' WHERE id = %s", wrong)


@breaks("INV-O2")
def it_is_collected_under_another_clients_mandate(connection: Connection, scene: Scene) -> Planted:
    wrong = one(connection, ITEM, scene.organization, "booked")
    connection.execute(
        "UPDATE sepa_mandate SET partner_id = (SELECT p.id FROM parties_partner p"
        " WHERE p.organization_id = sepa_mandate.organization_id"
        " AND p.id <> sepa_mandate.partner_id LIMIT 1)"
        " FROM sepa_item i WHERE i.mandate_id = sepa_mandate.id AND i.id = %s",
        [wrong],
    )
    found = connection.execute(
        "SELECT id FROM sepa_item WHERE organization_id = %s AND mandate_id IS NOT NULL",
        [scene.organization],
    ).fetchall()
    return {row[0] for row in found}
