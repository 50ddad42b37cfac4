"""Drafts: made of raw values, changed in part, copied, thrown away; every fault at once."""

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import NoSuchInvoice
from guilder.foundation.identity.permissions import NotYours
from guilder.kernel.errors import NotAllowed, Stale
from guilder.registers.catalogue import operations as catalogue
from tests import make


def pointers(caught) -> set[str]:
    return {problem.pointer for problem in caught.value.problems}


def test_a_draft_is_calculated_and_read_back_as_it_was_given(world):
    client = make.client(world.alice)

    made = invoicing.create_draft(
        by=world.alice,
        at=make.NOW,
        data={
            "client": str(client.id),
            "currency": "EUR",
            "lines": [
                make.line(description="Design", quantity="3", unit_price="19.90"),
                make.line(description="Books", quantity="2", unit_price="10.00", tax="reduced"),
            ],
            "notes": "Thank you.",
            "order_reference": "PO-7",
        },
    )

    # 3 × 19.90 = 59.70 at 19 % = 11.343 → 11.34; 2 × 10.00 = 20.00 at 7 % = 1.40
    assert (made.net_amount, made.tax_amount, made.gross_amount) == (7970, 1274, 9244)
    assert made.number is None and made.word(on=make.TODAY) == "draft"
    read = queries.get_invoice(made.id, by=world.alice)
    assert read.paper == made.paper
    assert read.paper["notes"] == [{"text": "Thank you."}]
    assert read.paper["order_reference"] == "PO-7"
    assert (read.items, read.tax_reasons) == (made.items, made.tax_reasons)


def test_every_fault_is_told_at_once_and_pointed_at(world):
    client = make.client(world.alice)
    data = {
        "client": str(client.id),
        "currency": "EUR",
        "colour": "red",
        "due_on": "tomorrow",
        "lines": [
            make.line(quantity="many"),
            make.line(unit_price="1e5", tax="no such code"),
            {"quantity": "1"},
            make.line(unit="hours"),
            make.line(item="01a1fc7f-7343-75e6-8644-edfd01dc71c6"),
        ],
        "delivery": {"delivered_on": "2026-13-01"},
        "allowances": [{"reason": "nothing given"}],
    }

    with pytest.raises(invoicing.InvalidDraft) as caught:
        invoicing.create_draft(by=world.alice, at=make.NOW, data=data)

    assert pointers(caught) == {
        "/colour",
        "/due_on",
        "/lines/0/quantity",
        "/lines/1/unit_price",
        "/lines/1/tax",
        "/lines/2/description",
        "/lines/2/unit_price",
        "/lines/3/unit",
        "/lines/4/item",
        "/delivery/delivered_on",
        "/allowances/0/amount",
    }


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "-0e400", "1e400", "١٢", "", "0x10", 1.5])
def test_what_is_no_plain_number_is_refused(world, quantity):
    data = {"client": str(make.client(world.alice).id), "lines": [make.line(quantity=quantity)]}

    if quantity == "":
        assert invoicing.create_draft(by=world.alice, at=make.NOW, data=data).net_amount == 10000
        return
    with pytest.raises(invoicing.InvalidDraft) as caught:
        invoicing.create_draft(by=world.alice, at=make.NOW, data=data)

    assert pointers(caught) == {"/lines/0/quantity"}


def test_another_organizations_client_is_told_like_an_absent_one(world):
    theirs = make.client(world.mallory)
    absent = "01a1fc7f-7343-75e6-8644-edfd01dc71c6"
    told = []

    for client_id in (str(theirs.id), absent):
        with pytest.raises(invoicing.InvalidDraft) as caught:
            make.draft(world.alice, client_id=client_id)
        told.append(caught.value.problems)

    assert told[0] == told[1]
    assert told[0][0].pointer == "/client"


def test_an_item_fills_the_line_and_its_price_and_the_tax_is_explained(world):
    item = catalogue.create_item(
        by=world.alice,
        at=make.NOW,
        data={
            "name": "Hosting",
            "description": "One month",
            "unit": "MON",
            "kind": "service",
            "prices": [{"currency": "EUR", "amount": "12.50"}],
        },
    )
    data = {
        "client": str(make.client(world.alice).id),
        "lines": [{"item": str(item.id), "quantity": "4"}],
    }

    made = invoicing.create_draft(by=world.alice, at=make.NOW, data=data)

    line = made.paper["lines"][0]
    assert (line["item"]["name"], line["unit"], line["price"]["amount"]) == (
        "Hosting",
        "MON",
        "12.5",
    )
    assert made.net_amount == 5000
    assert made.currency == "EUR"
    assert made.items == (item.id,)
    assert "same country" in made.tax_reasons[0]


def test_a_business_in_another_member_state_is_billed_in_reverse_charge(world):
    client = make.client(
        world.alice,
        address={"line1": "Rue 1", "city": "Paris", "postal_code": "75001", "country": "FR"},
        tax_ids=[{"scheme": "vat", "value": "FR40303265045"}],
    )
    line = make.line()
    del line["tax"]

    made = make.draft(world.alice, client_id=client.id, lines=[line])

    assert made.paper["lines"][0]["tax"]["category"] == "AE"
    assert made.tax_amount == 0
    assert made.tax_reasons[0].startswith("Service from DE to FR")


def test_changing_one_field_keeps_the_rest(world):
    draft = make.draft(
        world.alice,
        lines=[make.line(allowances=[{"percent": "10", "reason": "Friend"}], note="Weekend")],
        allowances=[{"percent": "5", "reason": "Early bird"}],
        terms={"due": {"days": 14}},
        custom_fields={"Project": "Apollo"},
    )

    changed = invoicing.update_draft(
        draft.id, by=world.alice, at=make.NOW, data={"buyer_reference": "B-1"}, version=1
    )

    assert changed.version == 2
    before, after = dict(draft.paper), dict(changed.paper)
    assert after.pop("buyer_reference") == "B-1"
    assert after == before
    assert changed.terms == {"due": {"days": 14}}
    assert queries.get_invoice(draft.id, by=world.alice).paper == changed.paper


def test_a_percentage_follows_the_lines_that_are_changed(world):
    draft = make.draft(world.alice, allowances=[{"percent": "10", "reason": "Rebate"}])

    changed = invoicing.update_draft(
        draft.id,
        by=world.alice,
        at=make.NOW,
        data={"lines": [make.line(quantity="2"), make.line(quantity="1")]},
    )

    # 200 + 100 = 300.00, less 10 % = 270.00, tax 19 % = 51.30
    assert (changed.net_amount, changed.gross_amount) == (27000, 32130)


def test_a_lost_race_is_told(world):
    draft = make.draft(world.alice)
    invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={}, version=1)

    with pytest.raises(Stale):
        invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={}, version=1)


def test_a_deleted_draft_is_gone_and_an_issued_invoice_stays(world):
    draft, issued = make.draft(world.alice), make.issued_invoice(world.alice)

    invoicing.delete_draft(draft.id, by=world.alice)

    with pytest.raises(NoSuchInvoice):
        queries.get_invoice(draft.id, by=world.alice)
    with pytest.raises(invoicing.NotDraft):
        invoicing.delete_draft(issued.id, by=world.alice)
    with pytest.raises(invoicing.NotDraft):
        invoicing.update_draft(issued.id, by=world.alice, at=make.NOW, data={})


def test_an_agent_sees_and_changes_their_own_drafts_only(world):
    client = make.client(world.alice)
    hers, his = make.draft(world.alice), make.draft(world.bob, client_id=client.id)

    assert queries.get_invoice(his.id, by=world.bob).id == his.id
    invoicing.update_draft(his.id, by=world.bob, at=make.NOW, data={"order_reference": "1"})
    with pytest.raises(NoSuchInvoice):
        queries.get_invoice(hers.id, by=world.bob)
    with pytest.raises((NoSuchInvoice, NotYours)):
        invoicing.update_draft(hers.id, by=world.bob, at=make.NOW, data={})
    with pytest.raises(NotAllowed):
        invoicing.issue_invoice(his.id, by=world.bob, at=make.NOW)


def test_another_organization_sees_nothing_of_it(world):
    draft = make.draft(world.alice)

    for attempt in (
        lambda: queries.get_invoice(draft.id, by=world.mallory),
        lambda: invoicing.update_draft(draft.id, by=world.mallory, at=make.NOW, data={}),
        lambda: invoicing.delete_draft(draft.id, by=world.mallory),
        lambda: invoicing.issue_invoice(draft.id, by=world.mallory, at=make.NOW),
        lambda: invoicing.duplicate_invoice(draft.id, by=world.mallory, at=make.NOW),
    ):
        with pytest.raises(NoSuchInvoice):
            attempt()


def test_a_copy_has_the_lines_and_none_of_the_dates(world):
    issued = make.issued_invoice(world.alice, due_on="2026-12-24", order_reference="PO-1")

    copy = invoicing.duplicate_invoice(issued.id, by=world.alice, at=make.NOW)

    assert copy.status == "draft" and copy.due_on is None
    assert copy.paper["lines"] == issued.paper["lines"]
    assert copy.paper["order_reference"] == "PO-1"
    assert copy.gross_amount == issued.gross_amount


def test_a_whole_paper_becomes_a_draft_with_every_term(world):
    source = make.draft(
        world.alice,
        lines=[
            make.line(
                name="Cable",
                description="Blue",
                base_quantity="100",
                unit_price="12.345678",
                quantity="250",
                period={"start_on": "2026-10-01", "end_on": "2026-10-31"},
                standard_id={"value": "4012345678901", "scheme": "0160"},
                classifications=[{"value": "09348023", "scheme": "TST"}],
                attributes=[{"name": "Colour", "value": "Blue"}],
                origin_country="DE",
            ),
            make.line(tax_inclusive=True, unit_price="19.99"),
        ],
        delivery={"delivered_on": "2026-11-01", "party_name": "Depot"},
        payee={"name": "Factor Ltd"},
        withholdings=[{"percent": "15", "reason": "IRPF"}],
        prepaid="5.00",
        charges=[{"amount": "7.00", "reason": "Freight", "tax": "standard"}],
    )
    document = queries.get_document(source.id, by=world.alice)

    draft = invoicing.draft_of_document(
        document, client_id=source.partner_id, by=world.alice, at=make.NOW
    )

    ours, theirs = dict(draft.paper), dict(source.paper)
    # The preview carries the seller's account; an import keeps it as the paper's own.
    assert ours.pop("payment")
    assert ours == theirs


def test_a_charge_shared_by_two_rates_keeps_its_cents_when_nothing_is_changed(world):
    # 3.35 % of 0.30 = 0.01005 → 0.01 once; of each 0.15 alone it would be 0.005025 → 0.01, twice.
    draft = make.draft(
        world.alice,
        lines=[make.line(unit_price="0.15"), make.line(unit_price="0.15", tax="reduced")],
        charges=[{"percent": "3.35", "reason": "Fee"}],
    )

    again = invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={})

    assert draft.paper["totals"]["charges"] == "0.01"
    assert again.paper == draft.paper


def test_a_charge_shared_by_two_rates_follows_the_lines_that_are_changed(world):
    draft = make.draft(
        world.alice,
        lines=[make.line(unit_price="0.15"), make.line(unit_price="0.15", tax="reduced")],
        charges=[{"percent": "3.35", "reason": "Fee"}],
    )

    changed = invoicing.update_draft(
        draft.id, by=world.alice, at=make.NOW,
        data={"lines": [make.line(unit_price="100"), make.line(unit_price="100", tax="reduced")]},
    )  # fmt: skip

    # Twice 3.35 % of 100.00.
    assert changed.paper["totals"]["charges"] == "6.70"
