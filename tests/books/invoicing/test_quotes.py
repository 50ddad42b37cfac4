"""Quotes: drafted, sent under a number, answered, and turned into several invoices."""

from datetime import date

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import NoSuchQuote
from tests import make
from tests.books.proofs import faults


def quote(by, **changes):
    data = {
        "client": str(make.client(by).id),
        "currency": "EUR",
        "valid_until": "2026-12-31",
        "lines": [make.line(description="Design", quantity="10"), make.line(description="Print")],
        **changes,
    }
    return invoicing.create_quote(by=by, data=data, at=make.NOW)


def sent(world, **changes):
    made = quote(world.alice, **changes)
    return invoicing.send_quote(made.id, by=world.alice, at=make.NOW, on=make.TODAY)


def test_a_quote_gets_its_number_when_it_is_sent(world):
    made = quote(world.alice)

    out = invoicing.send_quote(made.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert (made.number, made.word(on=make.TODAY)) == (None, "draft")
    assert (out.number, out.word(on=make.TODAY)) == ("Q-2026-00001", "sent")
    assert out.word(on=date(2027, 1, 1)) == "expired"
    document = queries.get_quote_document(out.id, by=world.alice)
    assert (document.number, document.buyer.name) == ("Q-2026-00001", out.partner_name)
    assert sent(world).number == "Q-2026-00002"
    assert faults(world.organization) == []


def test_a_draft_is_changed_and_a_sent_quote_is_not(world):
    made = quote(world.alice)

    changed = invoicing.update_quote(
        made.id, by=world.alice, at=make.NOW, data={"lines": [make.line()]}, version=1
    )

    assert (changed.gross_amount, changed.version) == (11900, 2)
    assert changed.valid_until == date(2026, 12, 31)
    invoicing.send_quote(made.id, by=world.alice, at=make.NOW)
    for attempt in (
        lambda: invoicing.update_quote(made.id, by=world.alice, at=make.NOW, data={}),
        lambda: invoicing.delete_quote(made.id, by=world.alice),
        lambda: invoicing.send_quote(made.id, by=world.alice, at=make.NOW),
    ):
        with pytest.raises(invoicing.QuoteStateForbids):
            attempt()


def test_several_invoices_follow_one_quote_and_never_more_than_was_quoted(world):
    made = sent(world)
    invoicing.accept_quote(made.id, by=world.alice, at=make.NOW, name="Mr Buyer")

    first = invoicing.invoice_quote(
        made.id, by=world.alice, at=make.NOW, lines=[{"line": 1, "quantity": "4"}]
    )
    with pytest.raises(invoicing.InvalidDraft) as caught:
        invoicing.invoice_quote(
            made.id, by=world.alice, at=make.NOW, lines=[{"line": 1, "quantity": "7"}]
        )
    rest = invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)

    assert (first.net_amount, rest.net_amount) == (40000, 70000)
    assert first.quote_id == made.id
    assert caught.value.problems[0].pointer == "/lines/0/quantity"
    assert queries.get_quote(made.id, by=world.alice).word(on=make.TODAY) == "invoiced"
    with pytest.raises(invoicing.QuoteStateForbids):
        invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)


def test_a_draft_that_is_thrown_away_gives_back_what_it_took(world):
    made = sent(world)
    draft = invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)

    invoicing.delete_draft(draft.id, by=world.alice)

    again = invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)
    assert again.net_amount == made.net_amount


def test_a_declined_quote_is_not_invoiced(world):
    made = sent(world)

    answered = invoicing.decline_quote(made.id, by=world.alice, at=make.NOW, reason="Too dear")

    assert answered.word(on=make.TODAY) == "declined"
    with pytest.raises(invoicing.QuoteStateForbids):
        invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)


def test_what_only_invoices_have_is_refused(world):
    with pytest.raises(invoicing.InvalidDraft) as caught:
        quote(world.alice, prepaid="5.00")

    assert caught.value.problems[0].pointer == "/prepaid"


def test_another_organization_sees_no_quote(world):
    made = sent(world)

    for attempt in (
        lambda: queries.get_quote(made.id, by=world.mallory),
        lambda: invoicing.accept_quote(made.id, by=world.mallory, at=make.NOW),
        lambda: invoicing.invoice_quote(made.id, by=world.mallory, at=make.NOW),
    ):
        with pytest.raises(NoSuchQuote):
            attempt()
    assert queries.list_quotes(by=world.mallory) == []
    assert [one.id for one in queries.list_quotes(by=world.alice)] == [made.id]


def test_a_changed_draft_keeps_what_it_took_until_its_lines_are_replaced(world):
    made = sent(world)
    draft = invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)

    invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={"order_reference": "1"})
    with pytest.raises(invoicing.QuoteStateForbids):
        invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)
    invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={"lines": [make.line()]})

    again = invoicing.invoice_quote(made.id, by=world.alice, at=make.NOW)
    assert again.net_amount == made.net_amount
