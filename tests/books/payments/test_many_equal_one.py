"""Many payments at once write, row by row, what one by one writes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guilder.books.invoicing.models import Invoice
from guilder.books.ledger import queries as chart
from guilder.books.ledger.models import Entry, Posting
from guilder.books.payments import operations as payments
from guilder.books.payments.models import Allocation, Payment
from guilder.books.payments.operations import Receipt, record_many
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.money import Money
from tests import make
from tests.books.invoicing.test_hot_equals_orm import plain

WORLD = {}
GROSS = 11_900
# Each payment: what it applies to each of its invoices, and what is left as the client's credit.
RUNS = st.lists(
    st.tuples(st.lists(st.integers(1, GROSS), max_size=3), st.integers(0, 5_000)).filter(
        lambda one: sum(one[0]) + one[1] > 0
    ),
    min_size=1,
    max_size=4,
)
EVENTS = {"payment.recorded", "invoice.settled"}


def shared_world():
    if not WORLD:
        WORLD["world"] = make.make_world()
        WORLD["client"] = make.client(WORLD["world"].alice)
    return WORLD["world"], WORLD["client"]


def rows_of(world, payment_id, invoice_ids):
    """All that a payment wrote, without the ids of its own."""
    org = world.organization
    places = {str(one): f"invoice {place}" for place, one in enumerate(invoice_ids)}
    with transaction(org):
        entry = Entry.objects.of(org).get(source_id=payment_id)
        told = Event.objects.of(org).filter(
            subject_id__in=[payment_id, *invoice_ids], type__in=EVENTS
        )
        trail = AuditEntry.objects.of(org).get(row_id=payment_id)
        shares = Allocation.objects.of(org).filter(payment_id=payment_id)
        return {
            "payment": plain(Payment.objects.of(org).get(id=payment_id)),
            "shares": sorted(
                (places[str(one.invoice_id)], sorted(plain(one, "invoice_id").items()))
                for one in shares
            ),
            "invoices": [
                plain(Invoice.objects.of(org).get(id=one), "number", "number_key", "sequence",
                      "created_at", "reference")
                for one in invoice_ids
            ],
            "entry": plain(entry),
            "postings": [
                plain(one) for one in Posting.objects.of(org).filter(entry=entry).order_by("position")
            ],
            "events": sorted(
                (one.type, sorted((key, places.get(str(value), value))
                                  for key, value in one.payload.items() if key != "payment_id"))
                for one in told
            ),
            "trail": (
                trail.action, trail.table_name, trail.before, trail.actor_id,
                {key: sorted(value.values()) if key == "allocations" else value
                 for key, value in trail.after.items()},
            ),
        }  # fmt: skip


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(run=RUNS)
def test_many_at_once_write_what_one_by_one_writes(db, run):
    world, client = shared_world()
    by = world.alice
    one_by_one, receipts, theirs = [], [], []
    account = bank_account(world)
    for shares, extra in run:
        total = sum(shares) + extra
        first = [make.issued_invoice(by, client_id=client.id).id for _ in shares]
        second = [make.issued_invoice(by, client_id=client.id).id for _ in shares]
        data = {
            "client": str(client.id),
            "amount": {"amount": str(Money(total, "EUR")), "currency": "EUR"},
            "received_on": make.TODAY.isoformat(),
            "method": "bank_transfer",
            "account": str(account),
            "reference": "Rent",
            "allocations": [
                {"invoice": str(one), "amount": str(Money(share, "EUR"))}
                for one, share in zip(first, shares, strict=True)
            ],
        }
        one_by_one.append((payments.record_payment(by=by, data=data, at=make.NOW).id, first))
        receipts.append(
            Receipt(
                partner_id=client.id,
                amount=total,
                received_on=make.TODAY,
                account_id=account,
                shares=dict(zip(second, shares, strict=True)),
                reference="Rent",
            )
        )
        theirs.append(second)
    good = record_many(receipts, by=by, currency="EUR", at=make.NOW)

    assert good == {one.id for one in receipts}
    for (single, first), receipt, second in zip(one_by_one, receipts, theirs, strict=True):
        assert rows_of(world, receipt.id, second) == rows_of(world, single, first)


def bank_account(world):
    with transaction(world.organization):
        return chart.account_map(world.organization)["bank"]
