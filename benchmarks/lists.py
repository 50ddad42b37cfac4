"""A page of invoices over REST among few and among many."""

from statistics import median

from benchmarks.load import Client
from benchmarks.record import Result, result
from benchmarks.servers import Place, place, web

ROUNDS = 7
PER_ROUND = 60


def measure() -> list[Result]:
    """The same page among 1,000 and among 100,000 invoices."""
    with place() as found, web() as port:
        return lists(found, Client(port, authorization=f"Bearer {found.key}"))


def lists(found: Place, ours: Client) -> list[Result]:
    """A page of 50 among 1,000 and among 100,000 invoices."""
    grow(found, 1_000)
    few = [page(ours) for _ in range(ROUNDS)]
    grow(found, 100_000)
    ours.connection.close()  # the server gave up on it while the invoices were made
    page(ours)
    many = [page(ours) for _ in range(ROUNDS)]
    return [
        result(
            "rest.list_100k", ours=many, reference=few, target="≤ 1.3",
            reference_is="the same page among 1,000 invoices",
        )
    ]  # fmt: skip


def page(client: Client) -> float:
    """Milliseconds of the newest 50."""
    return median(client("GET", "/api/v1/invoices/?limit=50")[2] for _ in range(PER_ROUND))


def grow(found: Place, count: int) -> None:
    """Issue invoices in bulk until there are `count`."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.books.invoicing.models import Invoice
    from guilder.foundation.tenancy.transaction import transaction

    line = {"description": "x", "quantity": "1", "unit": "C62", "unit_price": "9.90",
            "tax": "standard"}  # fmt: skip
    data = {"client": found.client_id, "currency": "EUR", "lines": [line]}
    with transaction(found.organization_id):
        there = Invoice.objects.of(found.organization_id).count()
    while there < count:
        step = min(5_000, count - there)
        invoicing.create_and_issue_many([data] * step, by=found.actor, at=found.at)
        there += step
