"""A small life of bills and documents, and a breach of each of their invariants."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks, one


def make_bill_scene(by: Any) -> None:
    """A document with its bill, a bill that is partly paid, and one that a credit note paid."""
    from guilder.books.bills import operations as bills
    from guilder.books.payments import operations as payments
    from guilder.flows.intake import operations as intake
    from tests.flows.intake import papers

    receipt = intake.receive(papers.file(), name="bill.xml", channel="upload", by=by, at=make.NOW)
    intake.make_bill(receipt.documents[0].id, by=by, at=make.NOW, is_new_supplier=True)
    supplier = make.supplier(by)
    paid = make.bill(by, supplier.id, booked=True, number="PAID")
    share = {"bill": str(paid.id), "amount": "19.00"}
    on = make.TODAY - timedelta(days=2)
    payments.pay_bills(by=by, data={"bills": [share], "paid_on": str(on)}, at=make.NOW)
    credited = make.bill(by, supplier.id, booked=True, number="CREDITED")
    note = make.bill(by, supplier.id, booked=True, number="NOTE", kind="credit_note")
    bills.apply_credit(note.id, credited.id, by=by, at=make.NOW, on=make.TODAY)


def bill(connection: Connection, scene: Scene, number: str) -> UUID:
    """A bill of the scene."""
    found = "SELECT id FROM bills_bill WHERE organization_id = %s AND number = %s"
    return one(connection, found, scene.organization, number)


@breaks("INV-S1")
def a_line_of_a_bill_grows(connection: Connection, scene: Scene) -> Planted:
    wrong = bill(connection, scene, "PAID")
    connection.execute(
        "UPDATE bills_billline SET net_amount = net_amount + 1 WHERE bill_id = %s", [wrong]
    )
    return {wrong}


@breaks("INV-S2")
def a_booked_bill_is_called_cancelled(connection: Connection, scene: Scene) -> Planted:
    wrong = bill(connection, scene, "NOTE")
    connection.execute(
        "ALTER TABLE bills_bill DROP CONSTRAINT bill_paid_when_booked,"
        " DROP CONSTRAINT bill_cancelled_on_a_day"
    )
    connection.execute("UPDATE bills_bill SET status = 'cancelled' WHERE id = %s", [wrong])
    return {wrong}


@breaks("INV-S3")
def a_credit_of_a_supplier_grows(connection: Connection, scene: Scene) -> Planted:
    both = {bill(connection, scene, "NOTE"), bill(connection, scene, "CREDITED")}
    connection.execute(
        "UPDATE bills_billcredit SET amount = amount + 1 WHERE organization_id = %s",
        [scene.organization],
    )
    return {*both}


@breaks("INV-S4")
def a_number_counts_twice(connection: Connection, scene: Scene) -> Planted:
    connection.execute("DROP INDEX bill_number_once_for_a_supplier")
    first, second = (bill(connection, scene, name) for name in ("PAID", "CREDITED"))
    connection.execute(
        "UPDATE bills_bill SET number_key = (SELECT number_key FROM bills_bill WHERE id = %s)"
        " WHERE id = %s",
        [first, second],
    )
    return {second}


@breaks("INV-S5")
def a_payment_went_to_the_wrong_account(connection: Connection, scene: Scene) -> Planted:
    found = "SELECT id FROM ledger_account WHERE organization_id = %s AND role = 'payables'"
    payables = one(connection, found, scene.organization)
    connection.execute(
        "UPDATE ledger_posting p SET account_id = %s FROM ledger_entry e WHERE e.id = p.entry_id"
        " AND e.organization_id = %s AND e.source = 'disbursement.record' AND p.amount < 0",
        [payables, scene.organization],
    )
    return {payables}


@breaks("INV-S6")
def more_is_paid_than_went_out(connection: Connection, scene: Scene) -> Planted:
    changed = (
        "UPDATE payments_allocation SET amount = amount + 1 WHERE organization_id = %s"
        " AND disbursement_id IS NOT NULL RETURNING disbursement_id"
    )
    return {one(connection, changed, scene.organization), bill(connection, scene, "PAID")}


@breaks("INV-S7")
def a_document_is_called_another_file(connection: Connection, scene: Scene) -> Planted:
    changed = (
        "UPDATE intake_receiveddocument SET sha256 = repeat('0', 64) WHERE organization_id = %s"
        " RETURNING id"
    )
    return {one(connection, changed, scene.organization)}
