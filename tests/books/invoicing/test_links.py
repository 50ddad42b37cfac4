"""What hangs together: links, settlements, the proof of one document, credit and copy."""

from datetime import timedelta

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.payments import operations as payments
from guilder.kernel.errors import NotAllowed, NotFound
from tests import make


def relations(world, invoice_id, by=None):
    return [
        (one.relation, one.number) for one in queries.links_of(invoice_id, by=by or world.alice)
    ]


def test_credit_and_copy_gives_two_drafts_tied_to_the_invoice(world):
    issued = make.issued_invoice(world.alice, lines=[make.line(), make.line(quantity="2")])

    note, copy = invoicing.credit_and_copy(issued.id, by=world.alice, at=make.NOW)

    assert (note.kind, note.status, note.corrects_id) == ("credit_note", "draft", issued.id)
    assert (copy.kind, copy.status, copy.gross_amount) == ("invoice", "draft", issued.gross_amount)
    assert relations(world, issued.id) == [("corrected_by", None), ("replaced_by", None)]
    assert relations(world, copy.id) == [("replaces", issued.number)]
    assert queries.get_invoice(issued.id, by=world.alice).open_amount == issued.open_amount


def test_the_copy_may_be_thrown_away_and_issued_like_any_draft(world):
    issued = make.issued_invoice(world.alice)
    note, copy = invoicing.credit_and_copy(issued.id, by=world.alice, at=make.NOW)

    invoicing.issue_invoice(note.id, by=world.alice, at=make.NOW, on=make.TODAY)
    fresh = invoicing.issue_invoice(copy.id, by=world.alice, at=make.NOW, on=make.TODAY)
    another = invoicing.credit_and_copy(fresh.id, by=world.alice, at=make.NOW)[1]
    invoicing.delete_draft(another.id, by=world.alice)

    assert queries.get_invoice(issued.id, by=world.alice).open_amount == 0
    assert relations(world, fresh.id) == [
        ("corrected_by", None),
        ("replaces", issued.number),
    ]


def test_a_draft_is_not_copied_this_way_nor_by_who_may_not(world):
    draft = make.draft(world.alice)
    issued = make.issued_invoice(world.alice)

    with pytest.raises(invoicing.NotCreditable):
        invoicing.credit_and_copy(draft.id, by=world.alice, at=make.NOW)
    with pytest.raises(NotAllowed):
        invoicing.credit_and_copy(issued.id, by=world.bob, at=make.NOW)
    with pytest.raises(NotFound):
        invoicing.credit_and_copy(issued.id, by=world.mallory, at=make.NOW)


def test_deposits_and_their_final_invoice_know_each_other(world):
    client = make.client(world.alice)
    deposit = make.issued_invoice(world.alice, client_id=client.id, kind="deposit")
    final = make.issued_invoice(
        world.alice,
        client_id=client.id,
        lines=[make.line(quantity="5")],
        deducts=[str(deposit.id)],
    )

    assert relations(world, final.id) == [("deducts", deposit.number)]
    assert relations(world, deposit.id) == [("deducted_by", final.number)]
    assert relations(world, final.id, by=world.mallory) == []


def test_credits_and_write_offs_are_told_with_their_reasons(world):
    issued = make.issued_invoice(world.alice)
    note = invoicing.credit_invoice(
        issued.id,
        by=world.alice,
        at=make.NOW,
        on=make.TODAY,
        lines=[{"line": 1, "amount": "40.00"}],
    )
    invoicing.write_off(
        issued.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Not worth a letter"
    )

    # 40.00 + 19 % = 47.60 credited; 119.00 − 47.60 = 71.40 written off
    told = queries.settlements_of(issued.id, by=world.alice)
    assert [(one.kind, one.number, one.amount, one.reason) for one in told] == [
        ("credit", note.number, 4760, ""),
        ("write_off", None, 7140, "Not worth a letter"),
    ]
    used = queries.settlements_of(note.id, by=world.alice)
    assert [(one.kind, one.number, one.amount) for one in used] == [("used", issued.number, 4760)]


def test_days_to_pay_are_counted_from_issue_to_the_last_payment(world):
    client = make.client(world.alice)
    for days in (10, 20):
        invoice = make.issued_invoice(world.alice, on=make.TODAY, client_id=client.id)
        later = make.TODAY + timedelta(days=days)
        data = {
            "client": str(client.id),
            "amount": {"amount": "119.00", "currency": "EUR"},
            "received_on": later.isoformat(),
            "method": "cash",
            "allocations": [{"invoice": str(invoice.id), "amount": "119.00"}],
        }
        payments.record_payment(by=world.alice, data=data, at=make.NOW + timedelta(days=days))

    since = make.TODAY - timedelta(days=365)
    found = queries.days_to_pay([client.id], by=world.alice, since=since)
    assert found == {client.id: 15}
    assert queries.days_to_pay([client.id], by=world.mallory, since=since) == {}


def test_a_proof_reckons_hashes_and_neighbours_anew(world):
    first, second, third = (make.issued_invoice(world.alice) for _ in range(3))

    proof = queries.prove(second.id, by=world.alice)

    assert proof.holds
    assert [(one.name, one.number) for one in proof.steps] == [
        ("content", second.number),
        ("register", second.number),
        ("chain", second.number),
        ("previous", first.number),
        ("next", third.number),
    ]
    assert [one.name for one in queries.prove(first.id, by=world.alice).steps][-1] == "first"
    told = proof.as_data()
    assert told["document"].startswith("{")
    assert told["chain_hash"] == second.chain_hash.hex()


def test_a_proof_finds_what_was_touched_behind_the_programs_back(world, db):
    first, second = make.issued_invoice(world.alice), make.issued_invoice(world.alice)
    with db.superuser() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE invoicing_issueddocument SET document = convert_to(replace(convert_from("
            "document, 'UTF8'), '100.00', '900.00'), 'UTF8') WHERE invoice_id = %s",
            [first.id],
        )
        owner.execute(
            "UPDATE invoicing_issueddocument SET chain_hash = sha256(chain_hash)"
            " WHERE invoice_id = %s",
            [first.id],
        )

    broken = {one.name for one in queries.prove(first.id, by=world.alice).steps if not one.holds}
    beside = {one.name for one in queries.prove(second.id, by=world.alice).steps if not one.holds}

    assert broken == {"content", "chain", "next"}
    assert beside == {"previous"}


def test_a_draft_has_no_proof_and_others_see_none(world):
    draft, issued = make.draft(world.alice), make.issued_invoice(world.alice)

    for invoice_id, by in ((draft.id, world.alice), (issued.id, world.mallory)):
        with pytest.raises(NotFound):
            queries.prove(invoice_id, by=by)
