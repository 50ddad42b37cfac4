"""The hand-written statements write, row by row, what the plain ORM would write."""

from hashlib import sha256

import pytest
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, Phase, given, settings

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import paper, queries
from guilder.books.invoicing.building import build
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.models import Invoice, InvoiceLine, InvoiceTax, IssuedDocument
from guilder.books.invoicing.operations import freezing, locking
from guilder.books.invoicing.operations import issue as issuing
from guilder.books.ledger.models import Account, Entry, Posting
from guilder.books.payments import operations as payments
from guilder.books.payments.models import Allocation, Payment
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.money import Money
from guilder.registers.numbering.models import Counter, Series
from guilder.registers.numbering.queries import SeriesChoice
from tests import make
from tests.books.documents import invoices
from tests.stories.running import is_full_size

WORLD = {}
EXAMPLES = 200 if is_full_size() else 40
PHASES = (Phase.reuse, Phase.generate)
OWN = {"id", "invoice", "entry", "source_id", "draft_reference", "payment", "organization"}


def shared_world():
    if not WORLD:
        WORLD["world"] = make.make_world()
        WORLD["client"] = make.client(WORLD["world"].alice)
    return WORLD["world"], WORLD["client"]


def plain(row, *but):
    values = model_to_dict(row)
    for name in row._meta.concrete_fields:  # what is not editable is compared as well
        values[name.name] = getattr(row, name.attname)
    for name in (*OWN, *but):
        values.pop(name, None)
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in values.items()
    }


def rows_of(world, invoice_id):
    """Everything that an issued invoice is made of, without the ids."""
    org = world.organization
    with transaction(org):
        entry = Entry.objects.of(org).filter(source_id=invoice_id).first()
        return {
            "invoice": plain(Invoice.objects.of(org).get(id=invoice_id)),
            "lines": [
                plain(row)
                for row in InvoiceLine.objects.of(org)
                .filter(invoice_id=invoice_id)
                .order_by("position")
            ],
            "taxes": [
                plain(row)
                for row in InvoiceTax.objects.of(org)
                .filter(invoice_id=invoice_id)
                .order_by("position")
            ],
            "paper": plain(IssuedDocument.objects.of(org).get(invoice_id=invoice_id)),
            "entry": plain(entry) if entry else None,
            "postings": [
                plain(row)
                for row in Posting.objects.of(org).filter(entry=entry).order_by("position")
            ]
            if entry
            else [],
        }


def by_orm(world, data):
    """Create and issue as one would without hand-written SQL."""
    org, by = world.organization, world.alice
    with transaction(org):
        built = build(data, lookup=Lookup(org), at=make.NOW)
        series = Series.objects.of(org).get(kind="invoice")
        choice = SeriesChoice(
            series.id, series.code, series.pattern, series.period, series.start_at, series.branch
        )
        sums = freezing.amounts(built.document)
        row = Invoice.objects.create(
            organization_id=org, kind="invoice", status="draft", draft_reference="D-ORM",
            due_on=built.document.due_on, partner_id=built.context.partner_id, currency="EUR",
            base_currency="EUR", language=built.document.language,
            tax_rounding=built.document.rounding.value, line_net_amount=sums["line_net"],
            allowances_amount=sums["allowances"], charges_amount=sums["charges"],
            net_amount=sums["net"], tax_amount=sums["tax"], gross_amount=sums["gross"],
            prepaid_amount=sums["prepaid"], content=built.content, terms=built.terms,
            custom_fields=dict(built.document.custom_fields), created_by_id=by.user_id,
            created_at=make.NOW, updated_at=make.NOW,
        )  # fmt: skip
        for position, line in enumerate(built.document.lines, start=1):
            InvoiceLine.objects.create(
                organization_id=org, invoice=row, position=position, name=line.item.name,
                description=line.item.description, quantity=line.quantity, unit=line.unit,
                unit_price=line.price.amount, base_quantity=line.price.base_quantity or 1,
                tax_code=line.tax.code, tax_category=line.tax.category, tax_rate=line.tax.rate,
                tax_reason="", net_amount=line.net.minor,
            )  # fmt: skip
        for position, tax in enumerate(built.document.taxes, start=1):
            InvoiceTax.objects.create(
                organization_id=org, invoice=row, position=position, category=tax.category,
                rate=tax.rate, taxable_amount=tax.taxable.minor, tax_amount=tax.tax.minor,
                exemption_code=tax.exemption_code, exemption_reason=tax.exemption_reason,
            )  # fmt: skip
        draft = locking.Draft(
            id=row.id, kind="invoice", partner_id=row.partner_id, partner_name="",
            currency="EUR", base_currency="EUR", terms=built.terms,
            document=paper.document_of(built.content), version=1, updated_at=make.NOW,
            quote_id=None, corrects_id=None, reference="", created_by_id=None,
            created_at=make.NOW, series=choice, accounts={}, deducts=False,
        )  # fmt: skip
        document = issuing.completed(draft, built.context, day=make.TODAY, rate=locking.ONE)
        content = canonical.canonical_bytes(document)
        booked = freezing.posted(draft, document, rate=locking.ONE, deposits=(), corrected=None)
        counter = Counter.objects.of(org).lock().get(series=series, period="2026")
        value, previous = counter.last_value + 1, bytes(counter.chain_hash)
        number = choice.shape_on(make.TODAY).text(value)
        link = canonical.chain_hash(
            previous, series=series.code, number=number, issued_on=make.TODAY,
            content_hash=sha256(content).digest(),
        )  # fmt: skip
        counter.last_value, counter.chain_hash, counter.previous_hash = value, link, previous
        counter.save()
        IssuedDocument.objects.create(
            organization_id=org, invoice=row, series=series, series_code=series.code,
            period="2026", sequence=value, number=number, issued_on=make.TODAY, document=content,
            content_hash=sha256(content).digest(), previous_hash=previous, chain_hash=link,
            issued_at=make.NOW, issued_by_id=by.user_id,
        )  # fmt: skip
        sums = freezing.amounts(document)
        for name, value_ in {
            "status": "issued", "series": series, "number": number, "sequence": value,
            "period": "2026", "issued_on": make.TODAY, "due_on": document.due_on, "base_rate": 1,
            "rounding_amount": sums["rounded"], "due_amount": sums["due"],
            "withheld_amount": sums["withheld"], "payable_amount": sums["payable"],
            "base_net_amount": booked.base_net, "base_tax_amount": booked.base_tax,
            "base_payable_amount": booked.base_payable, "open_amount": sums["payable"],
            "content": None, "version": 2,
        }.items():  # fmt: skip
            setattr(row, name, value_)
        row.save()
        roles = {one.role: one for one in Account.objects.of(org).exclude(role="")}
        legs = [leg for leg in booked.legs if leg.amount]
        entry = Entry.objects.create(
            organization_id=org, booked_on=make.TODAY, source="invoice.issue", source_id=row.id,
            memo=number, base_currency="EUR", posting_count=len(legs),
            created_by_id=by.user_id, created_at=make.NOW,
        )  # fmt: skip
        Posting.objects.bulk_create(
            Posting(
                organization_id=org,
                entry=entry,
                position=position,
                account=account(leg, roles),
                booked_on=make.TODAY,
                partner_id=row.partner_id,
                amount=leg.amount,
                currency="EUR",
                base_amount=leg.base_amount,
                tax_category=leg.tax_category,
                tax_rate=leg.tax_rate,
            )
            for position, leg in enumerate(legs, start=1)
        )
        return row.id


def account(leg, roles):
    rate = "" if leg.tax_rate is None else f".{leg.tax_rate.normalize():f}"
    for name in (
        f"{leg.role}.{leg.tax_category}{rate}",
        f"{leg.role}.{leg.tax_category}",
        leg.role,
    ):
        if name in roles:
            return roles[name]
    raise AssertionError(leg)


NUMBERED = ("number", "number_key", "sequence", "previous_hash", "chain_hash", "memo")


def without_number(rows):
    return {
        name: [{k: v for k, v in row.items() if k not in NUMBERED} for row in part]
        if isinstance(part, list)
        else part and {k: v for k, v in part.items() if k not in NUMBERED}
        for name, part in rows.items()
    }


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(data=invoices)
def test_create_and_issue_write_what_the_orm_writes(db, data):
    world, client = shared_world()
    data = {"client": str(client.id), **data}

    made = invoicing.create_and_issue(by=world.alice, data=data, at=make.NOW, on=make.TODAY)
    (bulk,) = invoicing.create_and_issue_many([data], by=world.alice, at=make.NOW, on=make.TODAY)
    orm = by_orm(world, data)

    hot = rows_of(world, made.id)
    assert without_number(hot) == without_number(rows_of(world, orm))
    assert without_number(hot) == without_number(rows_of(world, bulk.id))
    numbers = [rows_of(world, one)["invoice"]["sequence"] for one in (made.id, bulk.id, orm)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert queries.get_invoice(made.id, by=world.alice) == made
    with transaction(world.organization):
        events = Event.objects.of(world.organization)
        told = events.get(subject_id=made.id, type="invoice.issued")
        assert told.payload == {
            "invoice_id": str(made.id), "kind": "invoice", "partner_id": str(client.id),
            "number": made.number, "issued_on": "2026-11-20", "due_on": made.due_on.isoformat(),
            "currency": "EUR", "due": str(Money(made.due_amount, "EUR")),
        }  # fmt: skip
        assert told.payload == {
            **events.get(subject_id=bulk.id, type="invoice.issued").payload,
            "invoice_id": str(made.id), "number": made.number,
        }  # fmt: skip
        audits = AuditEntry.objects.of(world.organization)
        assert audits.filter(row_id=made.id, actor_id=world.alice.user_id).count() == 2


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(data=invoices)
def test_a_changed_draft_is_what_a_new_one_would_be(db, data):
    world, client = shared_world()
    data = {"client": str(client.id), **data}
    draft = make.draft(world.alice, client_id=client.id, notes="Old", order_reference="Old")
    fresh = invoicing.create_draft(by=world.alice, data=data, at=make.NOW)

    changed = invoicing.update_draft(
        draft.id, by=world.alice, at=make.NOW,
        data={"notes": None, "order_reference": None, "tax_rounding": "group", **data},
    )  # fmt: skip
    again = invoicing.update_draft(draft.id, by=world.alice, at=make.NOW, data={})

    assert changed.paper == fresh.paper
    assert again.paper == changed.paper
    assert queries.get_invoice(draft.id, by=world.alice).paper == fresh.paper


def test_a_list_shows_what_the_rows_hold(db):
    world, client = shared_world()
    for _ in range(3):
        make.issued_invoice(world.alice, client_id=client.id)
    make.draft(world.alice, client_id=client.id)

    found = queries.list_invoices(
        queries.InvoiceFilter(today=make.TODAY), by=world.alice, limit=500
    )

    with transaction(world.organization):
        rows = {row.id: row for row in Invoice.objects.of(world.organization)}
    assert len(found) == min(len(rows), 500)
    for record in found:
        row = rows[record.id]
        for name in (
            "kind", "status", "number", "issued_on", "due_on", "partner_id", "currency",
            "net_amount", "tax_amount", "gross_amount", "payable_amount", "open_amount",
            "allocated_amount", "credited_amount", "version", "created_at", "updated_at",
        ):  # fmt: skip
            assert getattr(record, name) == getattr(row, name), name
        assert record.partner_name == client.name


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(data=invoices)
def test_a_payment_writes_what_the_orm_writes(db, data):
    world, client = shared_world()
    invoice = invoicing.create_and_issue(
        by=world.alice, data={"client": str(client.id), **data}, at=make.NOW, on=make.TODAY
    )
    paid = invoice.open_amount // 3 + 1
    whole = Money(paid + 500, "EUR")

    made = payments.record_payment(
        by=world.alice,
        at=make.NOW,
        data={
            "client": str(client.id),
            "amount": {"amount": str(whole), "currency": "EUR"},
            "received_on": "2026-11-20",
            "method": "cash",
            "reference": "R",
            "allocations": [{"invoice": str(invoice.id), "amount": str(Money(paid, "EUR"))}],
        },
    )

    org = world.organization
    with transaction(org):
        roles = {one.role: one.id for one in Account.objects.of(org).exclude(role="")}
        expected = Payment(
            organization_id=org, partner_id=client.id, amount=whole.minor, currency="EUR",
            base_amount=whole.minor, base_currency="EUR", base_rate=1, received_on=make.TODAY,
            method="cash", account_id=roles["cash"], reference="R", unallocated_amount=500,
            created_by_id=world.alice.user_id, created_at=make.NOW, updated_at=make.NOW,
        )  # fmt: skip
        assert plain(Payment.objects.of(org).get(id=made.id)) == plain(expected)
        part = Allocation(
            organization_id=org, invoice_id=invoice.id, amount=paid, base_amount=paid,
            payment_base_amount=paid, allocated_on=make.TODAY,
            created_by_id=world.alice.user_id, created_at=make.NOW,
        )  # fmt: skip
        assert plain(Allocation.objects.of(org).get(payment_id=made.id)) == plain(part)
        row = Invoice.objects.of(org).get(id=invoice.id)
        assert (row.allocated_amount, row.open_amount) == (paid, invoice.open_amount - paid)
        entry = Entry.objects.of(org).get(source_id=made.id)
        postings = Posting.objects.of(org).filter(entry=entry).order_by("position")
        assert [(one.account_id, one.amount, one.base_amount) for one in postings] == [
            (roles["cash"], whole.minor, whole.minor),
            (roles["receivables"], -paid, -paid),
            (roles["customer_credit"], -500, -500),
        ]
