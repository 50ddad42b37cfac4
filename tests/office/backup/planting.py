"""A small life of one organization, and a breach of each invariant to be planted in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from guilder.kernel.canonical import GENESIS, canonical_json, chain_hash, hash_of_content
from tests import make

Connection = psycopg.Connection[Any]
PAID_ON = make.TODAY - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is there to be broken; ids of rows."""

    organization: UUID
    draft: UUID
    given_up: UUID  # an invoice, partly written off
    paid: UUID  # an invoice, partly paid
    credited: UUID  # an invoice, partly credited
    credit_note: UUID
    final: UUID
    payment: UUID
    refund: UUID
    recurring: UUID


def make_scene() -> Scene:
    """A draft, invoices with a write-off, a payment and a credit, and a final invoice."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.books.payments import operations as payments
    from guilder.flows.billing import operations as billing
    from guilder.kernel.money import Money

    by = make.make_world().alice
    reminder_plants.make_reminder_scene(by)  # first: numbers run with issue dates
    charge_plants.make_charge_scene(by)
    sepa_plants.make_order_scene(by)
    sepa_plants.make_refund_scene(by)
    discount_plants.make_discount_scene(by)
    client = make.client(by)
    lines = [make.line(), make.line(description="Book", tax="reduced", unit_price="10.00")]
    draft = make.draft(by, client_id=client.id)
    given_up, paid, credited = (
        make.issued_invoice(by, client_id=client.id, lines=lines) for _ in range(3)
    )
    invoicing.write_off(given_up.id, by=by, on=make.TODAY, at=make.NOW, reason="Small",
                        amount=Money.of("1.00", "EUR"))  # fmt: skip
    payment = make.payment(by, paid, "50.00", on=PAID_ON)
    note = invoicing.credit_invoice(
        credited.id, by=by, at=make.NOW, on=make.TODAY, lines=[{"line": 2}]
    )
    deposit = make.issued_invoice(by, client_id=client.id, kind="deposit")
    final = make.issued_invoice(
        by, client_id=client.id, deducts=[str(deposit.id)], lines=[make.line(quantity="3")]
    )
    prepaid = payments.record_payment(
        by=by, at=make.NOW,
        data={"client": str(client.id), "amount": {"amount": "20.00", "currency": "EUR"}},
    )  # fmt: skip
    refund = payments.request_refund(
        by=by, at=make.NOW, data={"payment": str(prepaid.id), "reason": "Returned"}
    )
    recurring = billing.save_recurring(
        by=by, at=make.NOW,
        data={"name": "Rent", "first_on": str(make.TODAY),
              "pattern": {"client": str(client.id), "currency": "EUR", "lines": lines}},
    )  # fmt: skip
    billing.invoice_due(by=by, on=make.TODAY, at=make.NOW)
    make_bank_scene(by)
    bill_plants.make_bill_scene(by)
    return Scene(
        organization=by.organization_id,
        draft=draft.id,
        given_up=given_up.id,
        paid=paid.id,
        credited=credited.id,
        credit_note=note.id,
        final=final.id,
        payment=payment.id,
        refund=refund.id,
        recurring=recurring.id,
    )


def make_bank_scene(by: Any) -> None:
    """A line that a match explained, and one that waits."""
    from guilder.books.ledger import queries as ledger
    from guilder.flows.banking import operations as banking
    from guilder.flows.banking import queries
    from guilder.foundation.tenancy.transaction import transaction
    from tests.flows.banking.banking import entry, imported

    outcome = imported(by, [entry("119.00", "x", ref="1"), entry("-5.00", "y", ref="2")])
    rows = queries.list_lines(by=by, statement_id=outcome.statements[0].id)
    with transaction(by.organization_id):
        chart = ledger.list_accounts(by.organization_id)
    income = next(one for one in chart if one.kind == "income")
    part = {"kind": "account", "id": str(income.id), "amount": "119.00"}
    line = next(one for one in rows if one.amount > 0)
    banking.match_line(line.id, by=by, at=make.NOW, parts=[part])


# Each plants one breach as superuser with the triggers asleep, and gives the rows that are broken.
Planted = set[UUID | None]
Plant = Callable[[Connection, Scene], Planted]
PLANTS: list[tuple[str, Plant]] = []


def breaks(invariant: str) -> Callable[[Plant], Plant]:
    """Note a plant under the invariant that it breaks."""

    def noted(plant: Plant) -> Plant:
        PLANTS.append((invariant, plant))
        return plant

    return noted


def one(connection: Connection, statement: str, *values: Any) -> Any:
    """The first column of the first row."""
    row = connection.execute(statement, values).fetchone()
    assert row is not None, statement
    return row[0]


def paper_of(connection: Connection, invoice: UUID) -> UUID:
    """The issued document of an invoice."""
    return one(connection, "SELECT id FROM invoicing_issueddocument WHERE invoice_id = %s", invoice)


@breaks("INV-N1")
def the_counter_runs_ahead(connection: Connection, scene: Scene) -> Planted:
    statement = (
        "UPDATE numbering_counter c SET last_value = last_value + 1 FROM numbering_series s"
        " WHERE c.organization_id = %s AND s.id = c.series_id AND s.kind = 'invoice' RETURNING c.id"
    )
    return {one(connection, statement, scene.organization)}


@breaks("INV-N1")
def a_number_is_left_out(connection: Connection, scene: Scene) -> Planted:
    for table, column in (
        ("numbering_counter", "last_value"),
        ("invoicing_issueddocument", "sequence"),
        ("invoicing_invoice", "sequence"),
    ):
        where = {
            "numbering_counter": "series_id = (SELECT series_id FROM invoicing_invoice"
            " WHERE id = %(final)s)",
            "invoicing_issueddocument": "invoice_id = %(final)s",
            "invoicing_invoice": "id = %(final)s",
        }[table]
        connection.execute(
            f"UPDATE {table} SET {column} = {column} + 1 WHERE {where}", {"final": scene.final}
        )
    return {paper_of(connection, scene.final)}


@breaks("INV-N2")
def a_draft_has_a_number(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER TABLE invoicing_invoice DROP CONSTRAINT number_exactly_when_issued")
    connection.execute("UPDATE invoicing_invoice SET number = 'X-1' WHERE id = %s", [scene.draft])
    return {scene.draft}


@breaks("INV-N3")
def an_issued_number_is_changed(connection: Connection, scene: Scene) -> Planted:
    connection.execute("UPDATE invoicing_invoice SET number = 'X-1' WHERE id = %s", [scene.paid])
    return {scene.paid}


@breaks("INV-N3")
def a_paper_is_filed_under_another_day(connection: Connection, scene: Scene) -> Planted:
    connection.execute("UPDATE invoicing_invoice SET period = '1999' WHERE id = %s", [scene.paid])
    return {scene.paid}


@breaks("INV-N4")
def a_paper_is_rewritten(connection: Connection, scene: Scene) -> Planted:
    statement = (
        "UPDATE invoicing_issueddocument SET document = convert_to(replace(convert_from(document,"
        " 'UTF8'), 'Work', 'Rest'), 'UTF8') WHERE invoice_id = %s RETURNING id"
    )
    return {one(connection, statement, scene.paid)}


@breaks("INV-N5")
def a_link_is_changed(connection: Connection, scene: Scene) -> Planted:
    statement = (
        "UPDATE invoicing_issueddocument SET chain_hash = sha256('x') WHERE invoice_id = %s"
        " RETURNING id"
    )
    return {one(connection, statement, scene.paid)}


@breaks("INV-N5")
def a_link_follows_another(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_issueddocument SET previous_hash = sha256('x'), chain_hash ="
        " numbering_link(sha256('x'), series_code, number, issued_on, content_hash)"
        " WHERE invoice_id = %s",
        [scene.final],
    )
    connection.execute(
        "UPDATE numbering_counter c SET chain_hash = d.chain_hash FROM invoicing_issueddocument d"
        " WHERE d.invoice_id = %s AND c.series_id = d.series_id AND c.period = d.period",
        [scene.final],
    )
    return {paper_of(connection, scene.final)}


@breaks("INV-N5")
def the_counter_forgets_the_head(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE numbering_counter SET chain_hash = sha256('x') WHERE series_id ="
        " (SELECT series_id FROM invoicing_invoice WHERE id = %s)",
        [scene.final],
    )
    return {paper_of(connection, scene.final)}


@breaks("INV-N6")
def a_guard_is_switched_off(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER entry_stays")
    return {None}


@breaks("INV-N6")
def the_app_may_delete_papers(connection: Connection, scene: Scene) -> Planted:
    connection.execute("GRANT DELETE ON invoicing_issueddocument TO guilder_app")
    return {None}


@breaks("INV-N6")
def a_guard_is_gone(connection: Connection, scene: Scene) -> Planted:
    connection.execute("DROP TRIGGER posting_stays ON ledger_posting")
    return {None}


@breaks("INV-N7")
def a_draft_was_sent(connection: Connection, scene: Scene) -> Planted:
    connection.execute("UPDATE invoicing_invoice SET sent_at = now() WHERE id = %s", [scene.draft])
    return {scene.draft}


@breaks("INV-R1")
def a_line_is_dearer_than_its_price(connection: Connection, scene: Scene) -> Planted:
    def dearer(data: dict[str, Any]) -> None:
        data["lines"][0]["net"] = "100.01"

    connection.execute(
        "UPDATE invoicing_invoiceline SET net_amount = 10001 WHERE invoice_id = %s AND position = 1",
        [scene.paid],
    )
    return {frozen_anew(connection, scene.paid, dearer)}


@breaks("INV-R2")
def a_tax_row_is_too_high(connection: Connection, scene: Scene) -> Planted:
    def higher(data: dict[str, Any]) -> None:
        data["taxes"][0]["tax"] = "19.01"

    data = json.loads(
        bytes(one(connection, "SELECT document FROM invoicing_issueddocument WHERE invoice_id = %s",
                  scene.paid))
    )  # fmt: skip
    assert data["taxes"][0]["rate"] == "19"
    connection.execute(
        "UPDATE invoicing_invoicetax SET tax_amount = 1901 WHERE invoice_id = %s AND position = 1",
        [scene.paid],
    )
    return {frozen_anew(connection, scene.paid, higher)}


@breaks("INV-R3")
def a_total_is_too_high(connection: Connection, scene: Scene) -> Planted:
    def higher(data: dict[str, Any]) -> None:
        data["totals"]["gross"] = "129.71"

    connection.execute(
        "UPDATE invoicing_invoice SET gross_amount = 12971 WHERE id = %s", [scene.paid]
    )
    return {frozen_anew(connection, scene.paid, higher)}


def frozen_anew(
    connection: Connection, invoice: UUID, change: Callable[[dict[str, Any]], None]
) -> UUID:
    """Forge a paper as well as one can: its hash, every link after it, the head of the chain."""
    rows = connection.execute(
        "SELECT id, invoice_id, series_code, number, issued_on, document, content_hash, series_id"
        " FROM invoicing_issueddocument WHERE series_id = (SELECT series_id FROM"
        " invoicing_invoice WHERE id = %s) ORDER BY period, sequence",
        [invoice],
    ).fetchall()
    before, forged = GENESIS, None
    for id_, whose, series, number, issued_on, document, content_hash, series_id in rows:
        if whose == invoice:
            data, forged = json.loads(bytes(document)), id_
            change(data)
            document, content_hash = canonical_json(data), hash_of_content(data)
        link = chain_hash(before, series=series, number=number, issued_on=issued_on,
                          content_hash=bytes(content_hash))  # fmt: skip
        connection.execute(
            "UPDATE invoicing_issueddocument SET document = %s, content_hash = %s,"
            " previous_hash = %s, chain_hash = %s WHERE id = %s",
            [document, content_hash, before, link, id_],
        )
        connection.execute(
            "UPDATE numbering_counter SET chain_hash = %s, previous_hash = %s WHERE series_id = %s",
            [link, before, series_id],
        )
        before = link
    assert forged is not None
    return forged


@breaks("INV-R6")
def a_column_says_something_else(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_invoice SET net_amount = net_amount + 1 WHERE id = %s", [scene.paid]
    )
    return {paper_of(connection, scene.paid)}


@breaks("INV-R6")
def a_line_is_slipped_in(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "INSERT INTO invoicing_invoiceline SELECT (jsonb_populate_record(l, jsonb_build_object("
        "'id', gen_random_uuid(), 'position', 3))).* FROM invoicing_invoiceline l"
        " WHERE invoice_id = %s AND position = 2",
        [scene.paid],
    )
    return {paper_of(connection, scene.paid)}


@breaks("INV-P1")
def more_is_applied_than_came_in(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE payments_allocation SET amount = amount + 1 WHERE payment_id = %s", [scene.payment]
    )
    return {scene.payment, scene.paid}


@breaks("INV-P2")
def a_refund_is_in_another_currency(connection: Connection, scene: Scene) -> Planted:
    connection.execute("UPDATE payments_refund SET currency = 'USD' WHERE id = %s", [scene.refund])
    return {scene.refund}


@breaks("INV-P3")
def an_open_invoice_is_called_settled(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_invoice SET settled_on = issued_on WHERE id = %s", [scene.paid]
    )
    return {scene.paid}


@breaks("INV-P5")
def a_period_is_counted_that_was_not_invoiced(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE billing_recurringinvoice SET next_index = next_index + 1 WHERE id = %s",
        [scene.recurring],
    )
    return {scene.recurring}


@breaks("INV-C1")
def a_credit_grows(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_creditallocation SET amount = amount + 1 WHERE credit_note_id = %s",
        [scene.credit_note],
    )
    return {scene.credit_note, scene.credited}


@breaks("INV-C2")
def a_write_off_grows(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_writeoff SET amount = amount + 1 WHERE invoice_id = %s", [scene.given_up]
    )
    return {scene.given_up}


@breaks("INV-C3")
def a_deduction_grows(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE invoicing_deduction SET amount = amount + 1 WHERE final_id = %s", [scene.final]
    )
    return {scene.final}


@breaks("INV-E1")
def an_issue_is_never_told(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "DELETE FROM events_event WHERE subject_id = %s AND type = 'invoice.issued'", [scene.paid]
    )
    return {scene.paid}


@breaks("INV-E1")
def an_issue_is_told_that_was_not(connection: Connection, scene: Scene) -> Planted:
    statement = (
        "UPDATE events_event SET type = 'invoice.issued' WHERE subject_id = %s"
        " AND type = 'invoice.created' RETURNING id"
    )
    return {one(connection, statement, scene.draft)}


@breaks("INV-E2")
def a_repeated_request_has_no_answer(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER TABLE edges_idempotency DROP CONSTRAINT edges_idempotency_answered")
    statement = (
        "INSERT INTO edges_idempotency (id, organization_id, key, method, route, fingerprint, lease,"
        " locked_until, status, expires_at) VALUES (gen_random_uuid(), %s, 'k', 'POST', '/', 'x',"
        " gen_random_uuid(), now(), 201, now()) RETURNING id"
    )
    return {one(connection, statement, scene.organization)}


@breaks("INV-U1")
def nobody_issued_it(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "DELETE FROM audit_entry WHERE row_id = %s AND action = 'invoice.issue'", [scene.paid]
    )
    return {scene.paid}


def posting_of(connection: Connection, scene: Scene, *, role: str) -> UUID:
    """The posting of the paid invoice's issue on the account of a role."""
    statement = (
        "SELECT p.id FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " JOIN ledger_account a ON a.id = p.account_id WHERE e.source = 'invoice.issue'"
        " AND e.source_id = %s AND a.role LIKE %s ORDER BY p.id LIMIT 1"
    )
    return one(connection, statement, scene.paid, f"{role}%")


def entry_of(connection: Connection, scene: Scene) -> UUID:
    """The entry of the paid invoice's issue."""
    return one(connection, "SELECT id FROM ledger_entry WHERE source_id = %s", scene.paid)


@breaks("INV-G1")
def an_entry_does_not_balance(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "UPDATE ledger_posting SET amount = amount - 1, base_amount = base_amount - 1"
        " WHERE id = %s",
        [posting_of(connection, scene, role="revenue")],
    )
    return {entry_of(connection, scene)}


@breaks("INV-G2")
def a_posting_has_a_strange_rate(connection: Connection, scene: Scene) -> Planted:
    posting = posting_of(connection, scene, role="revenue")
    connection.execute("UPDATE ledger_posting SET rate = 2 WHERE id = %s", [posting])
    return {posting}


@breaks("INV-G3")
def a_receivable_is_moved_to_the_bank(connection: Connection, scene: Scene) -> Planted:
    posting = posting_of(connection, scene, role="receivables")
    account = one(connection, "SELECT account_id FROM ledger_posting WHERE id = %s", posting)
    connection.execute(
        "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE"
        " organization_id = %s AND role = 'bank') WHERE id = %s",
        [scene.organization, posting],
    )
    return {account}


@breaks("INV-G4")
def the_period_was_closed_before(connection: Connection, scene: Scene) -> Planted:
    connection.execute(
        "INSERT INTO ledger_period (organization_id, id, starts_on, ends_on, locked_at, version)"
        " VALUES (%s, %s, %s, %s, %s, 1)",
        [scene.organization, uuid4(), PAID_ON, PAID_ON, date(2020, 1, 1)],
    )
    return {one(connection, "SELECT id FROM ledger_entry WHERE source_id = %s", scene.payment)}


@breaks("INV-G5")
def a_posting_stands_on_another_day(connection: Connection, scene: Scene) -> Planted:
    posting = posting_of(connection, scene, role="revenue")
    connection.execute(
        "UPDATE ledger_posting SET booked_on = booked_on - 1 WHERE id = %s", [posting]
    )
    return {posting}


@breaks("INV-G6")
def an_issue_is_not_booked(connection: Connection, scene: Scene) -> Planted:
    entry = entry_of(connection, scene)
    connection.execute("UPDATE ledger_entry SET source_id = %s WHERE id = %s", [uuid4(), entry])
    return {scene.paid, entry}


@breaks("INV-T1")
def a_line_refers_to_nothing(connection: Connection, scene: Scene) -> Planted:
    statement = (
        "UPDATE invoicing_invoiceline SET item_id = gen_random_uuid() WHERE invoice_id = %s"
        " AND position = 1 RETURNING id"
    )
    return {one(connection, statement, scene.paid)}


@breaks("INV-T2")
def a_wall_is_lowered(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER TABLE catalogue_item NO FORCE ROW LEVEL SECURITY")
    return {None}


@breaks("INV-T2")
def a_wall_has_a_hole(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER POLICY organization_only ON parties_partner USING (true)")
    return {None}


@breaks("INV-T2")
def the_app_steps_over_the_wall(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER ROLE guilder_app BYPASSRLS")
    return {None}


@breaks("INV-E3")
def a_delivery_that_nobody_will_make(connection: Connection, scene: Scene) -> Planted:
    endpoint, message, delivery = uuid4(), uuid4(), uuid4()
    connection.execute(
        "INSERT INTO webhooks_endpoint (id, organization_id, name, url, types, api_version, secret,"
        " is_active, disabled_because, version)"
        " VALUES (%s, %s, 'x', 'https://x.example/', '{}', '2026-11-20', '', true, '', 1)",
        [endpoint, scene.organization],
    )
    connection.execute(
        "INSERT INTO webhooks_message (id, organization_id, type, api_version, sequence, body,"
        " created_at) VALUES (%s, %s, 'invoice.issued', '2026-11-20', 1, '{}', now())",
        [message, scene.organization],
    )
    connection.execute(
        "INSERT INTO webhooks_delivery (id, organization_id, endpoint_id, message_id, state,"
        " attempts, problem, created_at, next_attempt_at)"
        " VALUES (%s, %s, %s, %s, 'waiting', 0, '', now(), now())",
        [delivery, scene.organization, endpoint, message],
    )
    return {delivery}


@breaks("INV-A1")
def somebody_approves_their_own(connection: Connection, scene: Scene) -> Planted:
    connection.execute("ALTER TABLE workflow_approval DROP CONSTRAINT nobody_approves_their_own")
    statement = (
        "INSERT INTO workflow_approval (organization_id, id, subject_kind, subject_id,"
        " subject_version, amount, currency, state, note, requested_by_id, requested_at,"
        " decided_by_id, decided_at, comment) SELECT %s, gen_random_uuid(), 'invoice', %s, 1, 1,"
        " 'EUR', 'approved', '', u, now(), u, now(), '' FROM gen_random_uuid() u RETURNING id"
    )
    return {one(connection, statement, scene.organization, scene.draft)}


from tests.office.backup import (  # noqa: E402
    bank_plants,  # noqa: F401
    bill_plants,
    channel_plants,  # noqa: F401
    charge_plants,
    discount_plants,
    record_plants,  # noqa: F401
    reminder_plants,
    sepa_plants,
    verdict_plants,  # noqa: F401
)
