"""Lines and what they pay: proposed with reasons, posted once, undone whole."""

import pytest

from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import queries as ledger
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.flows.banking import operations, queries
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.kernel.identifiers import make_creditor_reference
from tests import make
from tests.flows.banking.banking import account, codes, entry, imported, line, proposal

TODAY = make.TODAY.isoformat()


def left(invoice, by):
    """What is open of it, in minor units."""
    return invoicing.get_invoice(invoice.id, by=by).open_amount


def balance(by, role):
    """What stands on the account of a role."""
    with transaction(by.organization_id):
        return ledger.balance_of(by.organization_id, role)


def bank_balance(by):
    return balance(by, "bank")


def test_the_number_in_the_text_is_exact_and_posted(world):
    by = world.alice
    invoice = make.issued_invoice(by)  # 119.00
    row = line(by, "119.00", f"Payment {invoice.number} thanks", name=invoice.partner_name.upper())

    found = proposal(by, row)
    assert found.score >= 95
    assert codes(found) == ["number", "name", "amount"]

    operations.match_line(row.id, by=by, at=make.NOW)
    assert left(invoice, by) == 0
    assert bank_balance(by) == 11900
    assert queries.get_line(row.id, by=by).state == "matched"


def test_a_structured_reference_is_exact_without_a_name(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "119.00", make_creditor_reference(invoice.number))

    found = proposal(by, row)
    assert found.score >= 95
    assert codes(found)[0] == "reference"


def test_somebody_elses_number_is_to_be_checked_first(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "119.00", invoice.number, name="Quite Another Person")

    assert 80 <= proposal(by, row).score < 95


def test_undoing_opens_the_invoice_and_the_line_again(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "119.00", invoice.number, name=invoice.partner_name)
    operations.match_line(row.id, by=by, at=make.NOW)

    operations.reopen_line(row.id, by=by, at=make.NOW)

    assert left(invoice, by) == 11900
    assert bank_balance(by) == 0
    assert queries.get_line(row.id, by=by).state == "open"
    operations.match_line(row.id, by=by, at=make.NOW)
    assert left(invoice, by) == 0


def test_a_line_is_matched_once(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "119.00", invoice.number, name=invoice.partner_name)
    operations.match_line(row.id, by=by, at=make.NOW)

    with pytest.raises(operations.NotWaiting):
        operations.match_line(row.id, by=by, at=make.NOW)


def test_a_payment_that_was_recorded_by_hand_is_not_recorded_again(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    make.payment(by, invoice, "119.00")
    row = line(by, "119.00", invoice.number, name=invoice.partner_name)

    found = proposal(by, row)
    assert found.kind == "recorded"
    assert found.score >= 95
    operations.match_line(row.id, by=by, at=make.NOW)

    assert bank_balance(by) == 11900
    assert len(money.list_payments(by=by)) == 1


def test_one_transfer_for_several_invoices_that_it_names(world):
    by = world.alice
    client = make.client(by)
    invoices = [make.issued_invoice(by, client_id=client.id) for _ in range(2)]
    text = " + ".join(one.number for one in invoices)
    row = line(by, "238.00", text, name=client.name)

    found = proposal(by, row)
    assert found.score >= 95
    assert len(found.parts) == 2
    operations.match_line(row.id, by=by, at=make.NOW)
    assert [left(one, by) for one in invoices] == [0, 0]


def test_one_transfer_for_several_invoices_that_only_the_sum_tells(world):
    by = world.alice
    client = make.client(by)
    for price in ("100.00", "50.00", "70.00"):
        make.issued_invoice(by, client_id=client.id, lines=[make.line(unit_price=price)])
    # 119.00 + 83.30 = 202.30
    row = line(by, "202.30", "SAMMELZAHLUNG", name=client.name.upper())

    found = proposal(by, row)
    assert "sum" in codes(found)
    assert sorted(part.amount for part in found.parts) == [8330, 11900]
    assert found.score < 95


def test_a_part_payment_leaves_the_rest_open(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "50.00", f"Part 1 of 2 {invoice.number}", name=invoice.partner_name)

    found = proposal(by, row)
    assert found.difference_kind == "part"
    operations.match_line(row.id, by=by, at=make.NOW)
    assert left(invoice, by) == 6900


def test_a_fee_on_the_way_settles_the_invoice(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "117.50", invoice.number, name=invoice.partner_name)

    found = proposal(by, row)
    assert (found.difference_kind, found.difference) == ("fee", -150)
    operations.match_line(row.id, by=by, at=make.NOW)

    assert left(invoice, by) == 0
    assert bank_balance(by) == 11750
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert (left(invoice, by), bank_balance(by)) == (11900, 0)


def test_too_much_stays_the_clients_credit(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "150.00", invoice.number, name=invoice.partner_name)
    operations.match_line(row.id, by=by, at=make.NOW)

    (payment,) = money.list_payments(by=by)
    assert payment.unallocated_amount == 3100
    assert left(invoice, by) == 0


def test_a_learned_account_tells_the_payer(world):
    by = world.alice
    client = make.client(by)
    first = make.issued_invoice(by, client_id=client.id)
    payer = {"name": "HOLDING X", "account": "NL91ABNA0417164300"}
    row = line(by, "119.00", first.number, **payer)
    operations.match_line(row.id, by=by, at=make.NOW)
    make.issued_invoice(by, client_id=client.id, lines=[make.line(unit_price="10.00")])

    again = imported(by, [entry("11.90", "no number", **payer)], number=2, opening="1119.00")
    (second,) = queries.list_lines(by=by, statement_id=again.statements[0].id)
    found = proposal(by, second)

    assert found.partner_id == client.id
    assert codes(found) == ["account", "amount"]


def test_a_return_reverses_the_payment_and_can_be_undone(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "119.00", invoice.number, name=invoice.partner_name, e2e="E2E-7")
    operations.match_line(row.id, by=by, at=make.NOW)
    back = imported(
        by, [entry("-119.00", "RETURN AC04 E2E-7", e2e="E2E-7")], number=2, opening="1119.00"
    )
    (second,) = queries.list_lines(by=by, statement_id=back.statements[0].id)

    assert proposal(by, second).kind == "return"
    operations.match_line(second.id, by=by, at=make.NOW)
    assert (left(invoice, by), bank_balance(by)) == (11900, 0)

    operations.reopen_line(second.id, by=by, at=make.NOW)
    assert (left(invoice, by), bank_balance(by)) == (0, 11900)


def test_a_transfer_between_own_accounts_meets_in_the_middle(world):
    by = world.alice
    account(by)
    other = "DE02120300000000202051"
    savings = account(by, name="Savings", iban=other)
    out = line(by, "-500.00", "to savings", account=other)
    came = imported(
        by, [entry("500.00", "from giro", account="DE89370400440532013000")], iban=other
    )
    (into,) = queries.list_lines(by=by, statement_id=came.statements[0].id)

    for row in (out, into):
        assert proposal(by, row).kind == "transfer"
        operations.match_line(row.id, by=by, at=make.NOW)

    assert balance(by, "transit") == 0
    assert bank_balance(by) == -50000
    assert queries.figures(savings, by=by, since=make.TODAY).books_amount == 50000


def test_a_payout_takes_card_payments_less_the_fee(world):
    by = world.alice
    for price in ("100.00", "200.00"):
        invoice = make.issued_invoice(by, lines=[make.line(unit_price=price)])
        amount = {"amount": {"100.00": "119.00", "200.00": "238.00"}[price], "currency": "EUR"}
        payments.record_payment(
            by=by,
            at=make.NOW,
            data={
                "client": str(invoice.partner_id),
                "amount": amount,
                "received_on": TODAY,
                "method": "card",
                "allocations": [{"invoice": str(invoice.id), "amount": amount["amount"]}],
            },
        )
    row = line(by, "351.50", "2 PAYMENTS 20 NOV", name="CARD PAYOUT")  # 357.00 − 5.50

    found = proposal(by, row)
    assert (found.kind, found.difference) == ("payout", -550)
    operations.match_line(row.id, by=by, at=make.NOW)

    assert balance(by, "transit") == 0
    assert bank_balance(by) == 35150


def test_a_payout_of_charges_whose_fees_are_booked_leaves_nothing_on_its_way(world):
    from guilder.books.charging import operations as charging
    from guilder.books.charging.gateways.base import Report
    from guilder.kernel.money import Money
    from tests.books.charging import making

    by = world.alice
    charge = making.charge(by, make.issued_invoice(by), making.gateway(by))
    report = Report(state="succeeded", fee=Money.of("2.19", "EUR"), method="card")
    charging.apply(charge.id, report, by=by, at=make.NOW)
    row = line(by, "116.81", "PAYOUT", name="STRIPE")  # 119.00 − 2.19

    found = proposal(by, row)
    assert (found.kind, found.difference) == ("payout", 0)
    operations.match_line(row.id, by=by, at=make.NOW)

    assert balance(by, "transit") == 0
    assert bank_balance(by) == 11681


def test_an_invoice_in_another_currency_leaves_an_exchange_difference(world):
    from guilder.registers.currencies import operations as currencies

    by = world.alice
    rate = {"base": "GBP", "quote": "EUR", "on": TODAY, "rate": "1.2000", "source": "test"}
    currencies.add_rate(by=by, data=rate)
    invoice = make.issued_invoice(by, currency="GBP", lines=[make.line(tax="export")])  # £100.00
    original = "<AmtDtls><InstdAmt><Amt Ccy='GBP'>100.00</Amt></InstdAmt></AmtDtls>"
    row = line(by, "119.30", invoice.number, name=invoice.partner_name, original=original)

    found = proposal(by, row)
    assert found.kind == "exchange"
    operations.match_line(row.id, by=by, at=make.NOW)

    assert left(invoice, by) == 0
    assert bank_balance(by) == 11930
    assert balance(by, "exchange") == 70  # 120.00 − 119.30


def test_a_rule_posts_what_no_document_explains(world):
    by = world.alice
    with transaction(world.organization):
        accounts = ledger.list_accounts(world.organization)
    expenses = next(one for one in accounts if one.kind == "expense")
    operations.save_rule(
        by=by,
        at=make.NOW,
        data={
            "name": "Postage",
            "direction": "out",
            "conditions": [{"field": "name", "op": "contains", "value": "Parcelway"}],
            "account": str(expenses.id),
        },
    )
    row = line(by, "-38.40", "SEPA DD 8841-20", name="PARCELWAY DE")

    found = proposal(by, row)
    assert (found.kind, codes(found)) == ("rule", ["rule"])
    operations.match_line(row.id, by=by, at=make.NOW)

    assert bank_balance(by) == -3840
    assert queries.list_rules(by=by)[0].used_count == 1
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert bank_balance(by) == 0


def test_an_unknown_payer_with_an_unknown_amount_gets_no_proposal(world):
    by = world.alice
    make.issued_invoice(by)
    row = line(by, "125.00", "REF 1142", name="M OKAFOR")

    assert proposal(by, row) is None
    with pytest.raises(operations.NothingProposed):
        operations.match_line(row.id, by=by, at=make.NOW)


def test_parts_that_leave_something_over_are_refused(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "150.00", "x")
    parts = [{"kind": "invoice", "id": str(invoice.id), "amount": "119.00"}]

    with pytest.raises(operations.InvalidMatch, match=r"31\.00 EUR"):
        operations.match_line(row.id, by=by, at=make.NOW, parts=parts)
    operations.match_line(row.id, by=by, at=make.NOW, parts=parts, difference="credit")
    assert left(invoice, by) == 0


def test_a_line_is_excluded_and_taken_back(world):
    by = world.alice
    row = line(by, "1.00", "private")
    operations.exclude_line(row.id, by=by, at=make.NOW, note="private")
    assert queries.get_line(row.id, by=by).state == "excluded"
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert queries.get_line(row.id, by=by).state == "open"


def test_two_lines_do_not_take_one_invoice(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    entries = [
        entry("119.00", invoice.number, name=invoice.partner_name, ref=f"R{n}") for n in (1, 2)
    ]
    outcome = imported(by, entries)
    rows = queries.list_lines(by=by, statement_id=outcome.statements[0].id)
    bank = queries.get_account(rows[0].account_id, by=by)

    assert len(queries.proposals(rows, bank, by=by)) == 1


def test_sure_ones_are_posted_by_themselves_where_the_account_says_so(world):
    by = world.alice
    account(by, automatic_from=95)
    invoice = make.issued_invoice(by)
    unsure = make.issued_invoice(by)
    outcome = imported(
        by,
        [
            entry("119.00", invoice.number, name=invoice.partner_name, ref="1"),
            entry("119.00", unsure.number, name="Somebody Else", ref="2"),
        ],
    )

    assert outcome.posted == 1
    assert (left(invoice, by), left(unsure, by)) == (0, 11900)


def test_another_organization_and_a_viewer_are_refused(world):
    row = line(world.alice, "1.00", "x")
    with pytest.raises(NotFound):
        operations.match_line(row.id, by=world.mallory, at=make.NOW)
    with pytest.raises(NotFound):
        queries.get_line(row.id, by=world.mallory)
    with pytest.raises(NotAllowed):
        operations.match_line(row.id, by=world.bob, at=make.NOW)


def test_a_recorded_half_is_not_taken_for_the_open_half(world):
    by = world.alice
    invoice = make.issued_invoice(by)
    make.payment(by, invoice, "59.50")  # 119.00 / 2: what is open is as much as what came in
    row = line(by, "59.50", invoice.number, name=invoice.partner_name)
    operations.match_line(row.id, by=by, at=make.NOW)

    assert left(invoice, by) == 5950
    assert bank_balance(by) == 5950
