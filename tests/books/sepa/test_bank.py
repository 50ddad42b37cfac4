"""The whole way with a bank of somebody else's making: collect, answer, return, match."""

import json
import threading
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import make
from tests.books import proofs
from tests.books.sepa import making

OWN = "NL41MOCK0000000001"
CLOSED = "NL84MOCK0000000003"
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 8, 20, tzinfo=UTC)


class Bank:
    """mock-bank on loopback, its clock moved by hand."""

    def __init__(self) -> None:
        from mockbank.server import Config, make_server

        config = Config(port=0, quiet=True, clock="2026-12-01T09:00")
        self.server = make_server(config)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def call(
        self, method: str, path: str, data: bytes | None = None, *, kind: str = "application/xml"
    ) -> str:
        request = urllib.request.Request(
            self.base + path, data=data, method=method, headers={"Content-Type": kind}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    def box(self) -> list[Any]:
        found = json.loads(self.call("GET", "/_mock/mailbox"))
        return found if isinstance(found, list) else found["messages"]

    def messages(self, kind: str) -> list[bytes]:
        """What it wrote of one kind, the oldest first."""
        found = [self.call("GET", f"/_mock/mailbox/{one['id']}") for one in self.box()]
        return [one.encode() for one in found if f":{kind}." in one]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=10)


@pytest.fixture
def bank():
    made = Bank()
    yield made
    made.close()


def account_at(bank: Bank, by: Any) -> Any:
    """The own account at that bank, on documents and for statements."""
    from guilder.flows.banking import operations as banking
    from guilder.registers.parties import operations as parties

    parties.save_account(
        by=by,
        data={"label": "Mock", "iban": OWN, "bic": "MOCKNL2A", "is_shown": True},
        at=make.NOW,
    )
    return banking.open_account(
        by=by, data={"name": "Mock", "iban": OWN, "currency": "EUR"}, at=make.NOW
    )


def left(invoice: Any, by: Any) -> int:
    from guilder.books.invoicing import queries

    return queries.get_invoice(invoice.id, by=by).open_amount


def read_in(bank: Bank, by: Any, kind: str, account: Any, at: datetime) -> list[Any]:
    """Every statement of a kind, and the lines that wait then."""
    from guilder.flows.banking import operations as banking
    from guilder.flows.banking import queries as lines

    for place, data in enumerate(bank.messages(kind)):
        banking.import_statement(
            data, by=by, at=at, filename=f"{kind}-{place}.xml", account_id=account.id
        )
    return lines.open_lines(account.id, by=by, limit=50)


def holds(organization_id: Any) -> bool:
    """Whether every proof of the books, the orders and the bank holds."""
    from guilder.flows.banking import queries as banking
    from guilder.foundation.tenancy.hot import cursor
    from guilder.foundation.tenancy.transaction import transaction

    assert proofs.faults(organization_id) == []
    with transaction(organization_id):
        found = {name: cursor().execute(sql).fetchall() for name, _, sql in banking.proofs()}
    assert {name: rows for name, rows in found.items() if rows} == {}
    return True


def test_a_collection_goes_the_whole_way_and_one_comes_back(world, bank):
    from guilder.books.sepa import operations, queries
    from guilder.flows.banking import operations as banking

    by = world.alice
    making.creditor(by)
    account = account_at(bank, by)
    clients = [make.client(by) for _ in range(3)]
    ibans = (making.OTHER_IBAN, making.IBAN, CLOSED)
    pairs = zip(clients, ibans, strict=True)
    mandates = [making.mandate(by, one, iban=iban) for one, iban in pairs]
    invoices = [making.due(by, one) for one in clients]
    batch = operations.create_collection(by=by, data={"due_on": "2026-12-04"}, at=DECEMBER)
    operations.close(batch.id, by=by, at=DECEMBER)
    _, file = queries.file_of(batch.id, by=by)
    bank.call("POST", "/payments", file)
    operations.hand_over(batch.id, by=by, at=DECEMBER)

    for report in bank.messages("pain.002.001"):
        operations.receive_answer(report, by=by, at=DECEMBER)
    items = {one.invoice_id: one for one in making.items(by, batch)}
    found = [(items[one.id].state, items[one.id].code) for one in invoices]
    assert found == [("open", ""), ("open", ""), ("rejected", "AC04")]
    assert queries.get_mandate(mandates[2].id, by=by).ended_code == "AC04"

    for days in (1, 4):
        bank.call("POST", f"/_mock/advance?days={days}")
    waiting = read_in(bank, by, "camt.053.001", account, MONDAY)
    matched = banking.match_lines([one.id for one in waiting], by=by, at=MONDAY)
    assert matched == (len(waiting), 0)
    assert [left(one, by) for one in invoices] == [0, 0, 11_900]
    assert holds(world.organization)

    bank.call(
        "POST",
        f"/_mock/collections/{items[invoices[1].id].end_to_end}/refuse",
        json.dumps({"reason": "MD01"}).encode(),
        kind="application/json",
    )
    bank.call("POST", "/_mock/advance?days=2")  # it was a Sunday
    waiting = read_in(bank, by, "camt.053.001", account, TUESDAY)
    matched = banking.match_lines([one.id for one in waiting], by=by, at=TUESDAY)

    assert matched == (1, 0)
    assert [left(one, by) for one in invoices] == [0, 11_900, 11_900]
    returned = {one.invoice_id: one for one in making.items(by, batch)}[invoices[1].id]
    assert (returned.state, returned.code) == ("returned", "MD01")
    assert queries.get_mandate(mandates[1].id, by=by).ended_code == "MD01"
    assert holds(world.organization)


def test_a_return_with_a_fee_is_undone_whole(world):
    from guilder.books.sepa import operations
    from guilder.flows.banking import operations as banking
    from tests.flows.banking import banking as lines

    by = world.alice
    making.creditor(by)
    client = make.client(by)
    making.mandate(by, client)
    invoice = making.due(by, client)
    batch = making.handed(by, making.collection(by))
    operations.book_due(by=by, at=MONDAY)
    token = making.items(by, batch)[0].end_to_end
    day = MONDAY.date()
    came = lines.line(by, "119.00", f"Lastschrift {token}", on=day)
    banking.match_line(came.id, by=by, at=MONDAY)
    back = lines.line(by, "-122.50", f"Retoure {token}", on=day, ref="back")
    found = lines.proposal(by, back)

    assert lines.codes(found) == ["returned_order", "fee"]
    banking.match_line(back.id, by=by, at=MONDAY)
    assert left(invoice, by) == 11_900
    assert making.items(by, batch)[0].state == "returned"
    assert holds(world.organization)
    banking.reopen_line(back.id, by=by, at=MONDAY)
    assert left(invoice, by) == 0
    assert making.items(by, batch)[0].state == "booked"
    assert holds(world.organization)


def test_transfers_pay_bills_and_the_bank_debits_them_in_one_sum(world):
    from guilder.books.bills import queries as bills
    from guilder.books.sepa import operations
    from guilder.flows.banking import operations as banking
    from tests.flows.banking import banking as lines

    by = world.alice
    supplier = make.supplier(by, bank_accounts=[{"iban": making.OTHER_IBAN}])
    owed = [make.bill(by, supplier_id=supplier.id, booked=True) for _ in range(2)]
    data = {"bills": [str(one.id) for one in owed], "due_on": "2026-11-23"}
    batch = making.handed(by, operations.create_transfer(by=by, data=data, at=make.NOW))
    with pytest.raises(operations.InvalidOrder):
        operations.create_transfer(by=by, data=data, at=make.NOW)
    assert operations.book_due(by=by, at=MONDAY) == 2
    assert [bills.get_bill(one.id, by=by).open_amount for one in owed] == [0, 0]
    group = making.items(by, batch)[0].group
    out = lines.line(by, "-238.00", f"Sammler {group}", on=MONDAY.date())
    found = lines.proposal(by, out)

    assert (found.kind, found.score) == ("disbursement", 99)
    banking.match_line(out.id, by=by, at=MONDAY)
    assert holds(world.organization)
    banking.reopen_line(out.id, by=by, at=MONDAY)
    assert [bills.get_bill(one.id, by=by).open_amount for one in owed] == [0, 0]
    assert holds(world.organization)
