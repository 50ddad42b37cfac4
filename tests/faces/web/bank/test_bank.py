"""The bank's pages: lines matched, undone and explained by hand; files looked at and read in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guilder.books.bills import queries as bills
from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import queries as ledger
from guilder.flows.banking import operations, queries
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.flows.banking.banking import account, camt, entry, imported, line


def state(row, by):
    return queries.get_line(row.id, by=by).state


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_before_the_first_statement_the_page_says_how_to_begin(world, browsing):
    assert "No bank account yet" in page(browsing("alice"), "/bank/")


def test_lines_stand_by_how_sure_their_match_is(world, browsing):
    by = world.alice
    first, second = make.issued_invoice(by), make.issued_invoice(by)
    imported(
        by,
        [
            entry("119.00", first.number, name=first.partner_name, ref="1"),
            entry("50.00", second.number, name=second.partner_name, ref="2"),
            entry("-7.77", "unknown", name="Nobody", ref="3"),
        ],
    )
    shown = page(browsing("alice"), "/bank/")

    for words in ("Exact", "Check first", "No match yet", first.number, "Match 1", "0 of 3 done"):
        assert words in shown
    assert "Part payment" in shown
    assert "number, name, amount" in shown


def test_a_line_is_matched_and_undone(world, browsing):
    invoice = make.issued_invoice(world.alice)
    row = line(world.alice, "119.00", invoice.number, name=invoice.partner_name)
    client = browsing("alice")

    assert client.post(f"/bank/lines/{row.id}/match/").status_code == 302
    assert state(row, world.alice) == "matched"
    assert "Every line is explained" in page(client, "/bank/")
    assert client.post(f"/bank/lines/{row.id}/undo/").status_code == 302
    assert state(row, world.alice) == "open"


def test_a_swap_gets_a_toast_with_undo(world, browsing):
    invoice = make.issued_invoice(world.alice)
    row = line(world.alice, "119.00", invoice.number, name=invoice.partner_name)
    answer = browsing("alice").post(f"/bank/lines/{row.id}/match/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert f"/bank/lines/{row.id}/undo/" in answer.headers["HX-Trigger"]


def test_all_exact_ones_at_once(world, browsing):
    by = world.alice
    invoices = [make.issued_invoice(by) for _ in range(3)]
    outcome = imported(by, [entry("119.00", one.number, name=one.partner_name) for one in invoices])
    rows = queries.list_lines(by=by, statement_id=outcome.statements[0].id)
    browsing("alice").post("/bank/match/", {"line": [str(one.id) for one in rows]})

    assert [state(one, by) for one in rows] == ["matched"] * 3


def test_a_line_is_left_out(world, browsing):
    row = line(world.alice, "-1.00", "private")
    browsing("alice").post(f"/bank/lines/{row.id}/exclude/")

    assert state(row, world.alice) == "excluded"


def test_the_panel_tells_why(world, browsing):
    invoice = make.issued_invoice(world.alice)
    row = line(world.alice, "119.00", invoice.number, name=invoice.partner_name)
    answer = browsing("alice").get(
        f"/bank/?line={row.id}", headers={"HX-Request": "true", "HX-Target": "bank-panel"}
    )
    shown = answer.content.decode()

    assert "Why this is suggested" in shown
    assert f"The text names {invoice.number}" in shown
    assert "<html" not in shown


def test_a_line_is_explained_by_hand(world, browsing):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "125.00", "REF 1142", name="M OKAFOR")
    client = browsing("alice")
    address = f"/bank/lines/{row.id}/find/"
    assert invoice.number in page(client, f"{address}?q={invoice.number}")

    given = {"invoice": str(invoice.id), f"amount-{invoice.id}": "119,00"}
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert "6.00" in refused.content.decode()
    assert client.post(address, {**given, "difference": "credit"}).status_code == 302
    assert invoicing.get_invoice(invoice.id, by=by).open_amount == 0


def test_a_line_is_split_between_an_invoice_and_an_account(world, browsing):
    by = world.alice
    invoice = make.issued_invoice(by)
    row = line(by, "125.00", "REF 1142", name="M OKAFOR")
    with transaction(world.organization):
        chart = ledger.list_accounts(world.organization)
    income = next(one for one in chart if one.kind == "income")
    browsing("alice").post(
        f"/bank/lines/{row.id}/find/",
        {"invoice": str(invoice.id), f"amount-{invoice.id}": "119.00", "ledger": str(income.id)},
    )

    assert state(row, by) == "matched"
    kinds = {(one.kind, one.amount) for one in queries.get_line(row.id, by=by).matches.all()}
    assert kinds == {("invoice", 11900), ("account", 600)}


def upload(data, name="statement.xml"):
    return SimpleUploadedFile(name, data)


def test_a_file_is_looked_at_and_then_read_in(world, browsing):
    client = browsing("alice")
    data = camt([entry("119.00", "INV-1", name="Polder"), entry("-5.00", "fee")])
    shown = client.post("/bank/import/", {"file": upload(data)})
    words = shown.content.decode()

    assert "camt.053" in words
    assert "Import 2 entries" in words
    assert queries.list_lines(by=world.alice) == []
    answer = client.post(
        "/bank/import/",
        {"do": "import", "content": shown.context["content"], "name": "statement.xml"},
    )
    assert answer.status_code == 302
    assert len(queries.list_lines(by=world.alice)) == 2


def test_what_is_no_statement_is_told_so(world, browsing):
    answer = browsing("alice").post("/bank/import/", {"file": upload(b"%PDF-1.7", "x.pdf")})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_statements_tell_what_is_missing(world, browsing):
    imported(world.alice, [entry("1.00", "a")], opening="10.00", on="2026-11-18")
    imported(world.alice, [entry("1.00", "b")], opening="20.00", number=2, on="2026-11-19")
    shown = page(browsing("alice"), "/bank/statements/")

    assert "A statement is missing in 1 place" in shown


def test_a_rule_is_made_from_a_line_and_applies(world, browsing):
    by = world.alice
    row = line(by, "-38.40", "SEPA DD", name="PARCELWAY DE")
    client = browsing("alice")
    assert "PARCELWAY DE" in page(client, f"/bank/rules/new/?line={row.id}")
    with transaction(world.organization):
        chart = ledger.list_accounts(world.organization)
    expenses = next(one for one in chart if one.kind == "expense")
    answer = client.post(
        "/bank/rules/new/",
        {
            "name": "Postage",
            "direction": "out",
            "field_1": "name",
            "op_1": "contains",
            "value_1": "Parcelway",
            "field_2": "amount",
            "op_2": "at_most",
            "value_2": "50,00",
            "account": str(expenses.id),
        },
    )
    assert answer.status_code == 302
    assert "Postage" in page(client, "/bank/rules/")
    assert "Your rule" in page(client, "/bank/")
    (rule,) = queries.list_rules(by=by)
    assert rule.conditions[1]["value"] == "5000"
    assert "Postage" in page(client, f"/bank/rules/{rule.id}/")
    assert client.post(f"/bank/rules/{rule.id}/delete/").status_code == 302


def test_an_account_is_opened_and_changed(world, browsing):
    client = browsing("alice")
    given = {"name": "Savings", "number": "77", "currency": "EUR", "automatic_from": "95"}
    assert client.post("/bank/accounts/", given).status_code == 302
    (found,) = queries.list_accounts(by=world.alice)
    assert found.automatic_from == 95
    answer = client.post(f"/bank/accounts/{found.id}/", {"name": "Reserve", "automatic_from": ""})
    assert answer.status_code == 302
    assert "Reserve" in page(client, "/bank/accounts/")
    assert client.post("/bank/accounts/", {"name": "x"}).status_code == 422


PAGES = ("/bank/", "/bank/import/", "/bank/statements/", "/bank/rules/", "/bank/rules/new/",
         "/bank/accounts/")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_for_who_may(world, browsing, address):
    assert Client().get(address).status_code == 302  # to the sign-in
    assert browsing("bob").get(address).status_code == 403
    assert browsing("alice").get(address).status_code == 200


ACTS = ("match", "exclude", "undo", "find")


@pytest.mark.parametrize("act", ACTS)
def test_another_organizations_line_is_not_there(world, browsing, act):
    row = line(world.alice, "-1.00", "x")

    assert browsing("mallory").post(f"/bank/lines/{row.id}/{act}/").status_code == 404
    assert browsing("bob").post(f"/bank/lines/{row.id}/{act}/").status_code == 403


def test_another_organizations_account_and_rule_are_not_there(world, browsing):
    found = account(world.alice)
    with transaction(world.organization):
        chart = ledger.list_accounts(world.organization)
    expenses = next(one for one in chart if one.kind == "expense")
    data = {
        "name": "R",
        "conditions": [{"field": "name", "op": "is", "value": "X"}],
        "account": str(expenses.id),
    }
    rule = operations.save_rule(by=world.alice, at=make.NOW, data=data)
    client = browsing("mallory")

    assert client.get(f"/bank/accounts/{found.id}/").status_code == 404
    assert client.get(f"/bank/rules/{rule.id}/").status_code == 404
    assert client.post(f"/bank/rules/{rule.id}/delete/").status_code == 404


def test_money_that_went_out_pays_bills_by_hand(world, browsing):
    by = world.alice
    bill = make.bill(by, booked=True)
    row = line(by, "-119.00", "thanks", name="Whoever")
    client = browsing("alice")
    assert bill.number in page(client, f"/bank/lines/{row.id}/find/")
    assert "No open bill" in page(client, f"/bank/lines/{row.id}/find/?q=nothing-of-this")
    given = {"bill": str(bill.id), f"amount-{bill.id}": "119.00"}

    assert client.post(f"/bank/lines/{row.id}/find/", given).status_code == 302
    assert state(row, by) == "matched"
    assert bills.get_bill(bill.id, by=by).open_amount == 0


def test_a_payment_of_a_bill_is_shown_with_its_reasons(world, browsing):
    by = world.alice
    bill = make.bill(by, booked=True)
    line(by, "-119.00", f"Nr. {bill.number}-2026", name=bill.supplier_name)
    shown = page(browsing("alice"), "/bank/")

    assert "The payee&#x27;s name is that of" in shown
