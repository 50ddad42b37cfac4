"""Issuing: the number, the frozen paper and its chain, the entry, the facts; and what is refused."""

import hashlib
import json
from datetime import date, timedelta

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as ledgers
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.registers.currencies import operations as currencies
from guilder.registers.currencies.queries import NoRate
from guilder.registers.numbering import operations as numbering
from guilder.registers.parties import operations as parties
from tests import make


def entries(world, source_id):
    with transaction(world.organization):
        return [
            [
                (p.account.role, p.amount, p.base_amount)
                for p in entry.postings.all().order_by("position")
            ]
            for entry in ledgers.entries_of(world.organization, source_id)
        ]


def test_issuing_numbers_freezes_posts_and_tells(world):
    draft = make.draft(world.alice, terms={"due": {"days": 30}})

    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert (issued.number, issued.status) == ("INV-2026-00001", "issued")
    assert issued.issued_on == make.TODAY
    assert issued.due_on == make.TODAY + timedelta(days=30)
    assert issued.word(on=make.TODAY) == "issued"
    assert queries.get_invoice(issued.id, by=world.alice) == issued
    assert entries(world, issued.id) == [
        [
            ("receivables", 11900, 11900),
            ("revenue.S.19", -10000, -10000),
            ("tax.S.19", -1900, -1900),
        ]
    ]
    with transaction(world.organization):
        told = Event.objects.of(world.organization).filter(subject_id=issued.id)
        assert [one.type for one in told.order_by("sequence")] == [
            "invoice.created",
            "invoice.issued",
        ]
        assert told.get(type="invoice.issued").payload["number"] == "INV-2026-00001"
        noted = AuditEntry.objects.of(world.organization).filter(row_id=issued.id)
        assert [one.action for one in noted.order_by("at")] == ["invoice.create", "invoice.issue"]


def test_the_frozen_paper_is_the_document_and_its_hashes_chain(world):
    first, second = make.issued_invoice(world.alice), make.issued_invoice(world.alice)

    previous = canonical.GENESIS
    for issued in (first, second):
        frozen = queries.get_issued(issued.id, by=world.alice)
        document = queries.get_document(issued.id, by=world.alice)
        assert hashlib.sha256(frozen.document).digest() == frozen.content_hash
        assert canonical.content_hash(document) == frozen.content_hash
        assert frozen.previous_hash == previous
        assert frozen.chain_hash == canonical.chain_hash(
            previous,
            series="INV",
            number=issued.number,
            issued_on=issued.issued_on,
            content_hash=frozen.content_hash,
        )
        previous = frozen.chain_hash
        assert document.number == issued.number
        assert "number" not in json.loads(frozen.document)


def test_issuing_takes_the_parties_of_that_day(world):
    client = make.client(world.alice, name="Old name GmbH")
    draft = make.draft(world.alice, client_id=client.id)
    parties.update_partner(
        client.id, by=world.alice, side="customer", data={"name": "New name GmbH"}, at=make.NOW
    )

    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)
    parties.update_partner(
        client.id, by=world.alice, side="customer", data={"name": "Newest GmbH"}, at=make.NOW
    )

    assert queries.get_document(issued.id, by=world.alice).buyer.name == "New name GmbH"


def test_issuing_twice_is_refused(world):
    issued = make.issued_invoice(world.alice)

    with pytest.raises(invoicing.NotDraft):
        invoicing.issue_invoice(issued.id, by=world.alice, at=make.NOW)


def test_a_date_before_the_last_of_the_series_is_refused_and_no_number_is_lost(world):
    make.issued_invoice(world.alice, on=date(2026, 11, 10))
    draft = make.draft(world.alice)

    with pytest.raises(numbering.IssuedBeforeLast) as caught:
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=date(2026, 11, 9))
    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=date(2026, 11, 10))

    assert "2026-11-10" in caught.value.detail
    assert issued.number == "INV-2026-00002"


def test_a_new_year_begins_at_one_and_the_old_year_is_closed(world):
    make.issued_invoice(world.alice, on=date(2025, 12, 31))

    issued = make.issued_invoice(world.alice, on=date(2026, 1, 1))

    assert issued.number == "INV-2026-00001"
    with pytest.raises(numbering.IssuedBeforeLast):
        make.issued_invoice(world.alice, on=date(2025, 12, 31))


def test_everything_that_is_missing_is_told_at_once(world):
    draft = make.draft(world.alice, lines=[], due_on="2026-01-01")
    parties.set_seller_profile(by=world.alice, data={"vat_id": ""})

    with pytest.raises(invoicing.NotIssuable) as caught:
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert {one.pointer for one in caught.value.problems} == {"/lines", "/due_on"}


def test_a_taxed_document_needs_the_sellers_tax_number(world):
    draft = make.draft(world.alice)
    parties.set_seller_profile(by=world.alice, data={"vat_id": ""})

    with pytest.raises(invoicing.NotIssuable) as caught:
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert [one.pointer for one in caught.value.problems] == ["/seller/vat_id"]


def test_less_than_nothing_to_pay_is_refused_and_a_credit_note_offered(world):
    draft = make.draft(world.alice, lines=[make.line(quantity="-1")])

    with pytest.raises(invoicing.NotIssuable) as caught:
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert "credit note" in caught.value.problems[0].detail


def test_a_foreign_currency_needs_a_rate_and_is_booked_in_both(world):
    draft = make.draft(world.alice, currency="USD")

    with pytest.raises(NoRate):
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)
    currencies.add_rate(
        by=world.alice,
        data={"base": "USD", "quote": "EUR", "on": "2026-11-19", "rate": "0.91", "source": "Bank"},
    )
    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    # 119.00 USD × 0.91 = 108.29 EUR; tax 19.00 × 0.91 = 17.29; net 100.00 × 0.91 = 91.00
    assert issued.base_payable_amount == 10829
    assert entries(world, issued.id) == [
        [("receivables", 11900, 10829), ("revenue.S.19", -10000, -9100), ("tax.S.19", -1900, -1729)]
    ]
    document = queries.get_document(issued.id, by=world.alice)
    assert document.tax_currency == "EUR"
    assert str(document.totals.tax_in_tax_currency) == "17.29"


def test_instalments_and_discounts_come_of_the_terms(world):
    draft = make.draft(
        world.alice,
        terms={
            "discounts": [{"days": 10, "percent": "2"}],
            "parts": [
                {"due": {"days": 10}, "percent": "40"},
                {"due": {"days": 40}, "percent": "60"},
            ],
        },
    )

    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    document = queries.get_document(issued.id, by=world.alice)
    # 40 % of 119.00 = 47.60, the rest 71.40
    assert [str(one.amount) for one in document.instalments] == ["47.60", "71.40"]
    assert document.early_discounts[0].days == 10
    assert issued.due_on == make.TODAY + timedelta(days=40)


def test_withheld_tax_is_not_receivable(world):
    draft = make.draft(world.alice, withholdings=[{"percent": "15", "reason": "IRPF"}])

    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)

    # due 119.00, withheld 15 % of 100.00 = 15.00
    assert (issued.due_amount, issued.withheld_amount, issued.open_amount) == (11900, 1500, 10400)
    assert sorted(entries(world, issued.id)[0]) == sorted(
        [
            ("receivables", 10400, 10400),
            ("withheld", 1500, 1500),
            ("revenue.S.19", -10000, -10000),
            ("tax.S.19", -1900, -1900),
        ]
    )


def test_a_pro_forma_is_numbered_and_frozen_but_owes_nothing(world):
    issued = make.issued_invoice(world.alice, kind="pro_forma")

    assert issued.number == "PF-2026-00001"
    assert (issued.open_amount, issued.word(on=make.TODAY)) == (0, "issued")
    assert entries(world, issued.id) == []


def test_a_final_invoice_deducts_its_deposit_and_takes_back_what_it_booked(world):
    client = make.client(world.alice)
    deposit = make.issued_invoice(world.alice, client_id=client.id, kind="deposit")
    final = make.draft(
        world.alice,
        client_id=client.id,
        lines=[make.line(quantity="5")],
        deducts=[str(deposit.id)],
    )

    issued = invoicing.issue_invoice(final.id, by=world.alice, at=make.NOW, on=make.TODAY)

    # 500.00 + 95.00 tax − 119.00 deposit = 476.00
    assert (issued.prepaid_amount, issued.due_amount) == (11900, 47600)
    assert deposit.number == "DEP-2026-00001"
    assert sorted(entries(world, deposit.id)[0]) == sorted(
        [("receivables", 11900, 11900), ("deposits", -10000, -10000), ("tax.S.19", -1900, -1900)]
    )
    assert sorted(entries(world, issued.id)[0]) == sorted(
        [
            ("receivables", 47600, 47600),
            ("revenue.S.19", -50000, -50000),
            ("tax.S.19", -7600, -7600),
            ("deposits", 10000, 10000),
        ]
    )
    with pytest.raises(invoicing.NotDeductible):
        make.draft(world.alice, client_id=client.id, deducts=[str(deposit.id)])


def test_a_deposit_of_another_rate_leaves_nothing_on_its_account(world):
    client = make.client(world.alice)
    for day, rate in (("2026-10-01", "0.90"), ("2026-11-19", "0.95")):
        data = {"base": "USD", "quote": "EUR", "on": day, "rate": rate, "source": "Bank"}
        currencies.add_rate(by=world.alice, data=data)
    deposit = make.issued_invoice(
        world.alice, on=date(2026, 10, 5), client_id=client.id, kind="deposit", currency="USD"
    )
    final = make.draft(
        world.alice,
        client_id=client.id,
        currency="USD",
        lines=[make.line(quantity="5")],
        deducts=[str(deposit.id)],
    )

    issued = invoicing.issue_invoice(final.id, by=world.alice, at=make.NOW, on=make.TODAY)

    # The deposit's 100.00 were booked at 0.90 and are taken back at 0.90; the rest is at 0.95:
    # 476.00 × 0.95 = 452.20, 500.00 × 0.95 = 475.00, 76.00 × 0.95 = 72.20; 5.00 are lost.
    assert sorted(entries(world, issued.id)[0]) == sorted(
        [
            ("receivables", 47600, 45220),
            ("revenue.S.19", -50000, -47500),
            ("tax.S.19", -7600, -7220),
            ("deposits", 10000, 9000),
            ("exchange", 0, 500),
        ]
    )
    assert ledgers.balance_of(world.organization, "deposits") == 0


def test_a_locked_period_takes_no_invoice_and_a_reopened_one_does(world):
    period = ledger.lock_period(
        by=world.alice, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )
    draft = make.draft(world.alice)

    with pytest.raises(ledger.PeriodIsLocked):
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=date(2026, 10, 15))
    ledger.reopen_period(period.id, by=world.alice)
    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=date(2026, 10, 15))

    assert issued.number == "INV-2026-00001"


def test_a_rate_that_moved_since_the_draft_is_told(world):
    from guilder.registers.tax import operations as taxes
    from guilder.registers.tax import queries as tax_queries

    with transaction(world.organization):
        code = next(
            one for one in tax_queries.list_tax_codes(world.organization) if one.code == "standard"
        )
    draft = make.draft(world.alice)
    taxes.add_rate(
        code.id, by=world.alice, data={"percent": "21", "valid_from": "2026-12-01", "source": "Law"}
    )

    with pytest.raises(invoicing.NotIssuable) as caught:
        invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=date(2026, 12, 2))

    assert caught.value.problems[0].pointer == "/lines/0/tax"


def test_making_and_issuing_at_once_is_one_thing(world):
    client = make.client(world.alice)
    data = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}

    issued = invoicing.create_and_issue(by=world.alice, data=data, at=make.NOW, on=make.TODAY)

    assert issued.number == "INV-2026-00001"
    with pytest.raises(invoicing.NotIssuable):
        invoicing.create_and_issue(
            by=world.alice, data={**data, "lines": []}, at=make.NOW, on=make.TODAY
        )
    narrowed = queries.InvoiceFilter(today=make.TODAY)
    assert queries.count_invoices(narrowed, by=world.alice) == 1


def test_numbers_have_no_gap_in_the_report(world):
    for _ in range(3):
        make.issued_invoice(world.alice)

    (gap,) = queries.gap_report(by=world.alice)

    assert (gap.code, gap.first, gap.last, gap.count, gap.missing) == ("INV", 1, 3, 3, [])
