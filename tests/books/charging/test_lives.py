"""A stateful machine: charges, refunds, chargebacks and transfers against a small pure model."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways.base import Back, Contest, Report
from guilder.books.invoicing import queries as invoices
from guilder.books.ledger import queries as ledger
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, GuilderError
from guilder.kernel.money import Money
from tests import make
from tests.books.charging import making
from tests.stories.running import is_full_size

WHOLE = 11900
part = st.integers(1, 13000)


class Lives(RuleBasedStateMachine):
    """One invoice of 119.00, and whatever happens to it; the model keeps five numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.by = make.make_world().alice
        self.invoice = make.issued_invoice(self.by)
        self.gateway = making.gateway(self.by)
        self.charge: Any = None
        self.came = 0  # by the charge
        self.back = 0  # given back of it, by us, by the service or by a chargeback
        self.transfers = 0  # applied to the invoice
        self.applied = 0  # of the charge, to the invoice
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def told(self, **changes: Any) -> None:
        report = Report(**{"state": "succeeded", **changes})
        operations.apply(self.charge.id, report, by=self.by, at=make.NOW)

    def open(self) -> int:
        return WHOLE - self.transfers - self.applied

    @precondition(lambda self: self.charge is None)
    @rule(amount=part)
    def start(self, amount: int) -> None:
        try:
            self.charge = making.charge(
                self.by, self.invoice, self.gateway, amount=str(Money(amount, "EUR"))
            )
        except GuilderError:
            assert amount > self.open()
            return
        assert amount <= self.open()
        self.asked = amount

    @precondition(lambda self: self.charge is not None)
    @rule()
    def succeed(self) -> None:
        self.told()
        if not self.came:
            self.came = self.asked
            self.applied = min(self.asked, self.open())

    @precondition(lambda self: self.charge is not None)
    @rule(state=st.sampled_from(["pending", "failed", "unknown"]))
    def something_less(self, state: str) -> None:
        before = queries.get_charge(self.charge.id, by=self.by).state
        self.told(state=state)
        after = queries.get_charge(self.charge.id, by=self.by).state
        assert before != "succeeded" or after == "succeeded"

    @rule(amount=part)
    def transfer(self, amount: int) -> None:
        try:
            make.payment(self.by, self.invoice, str(Money(amount, "EUR")))
        except GuilderError:
            assert amount > self.open()
            return
        assert amount <= self.open()
        self.transfers += amount

    @precondition(lambda self: self.came)
    @rule(amount=part)
    def refund(self, amount: int) -> None:
        data = {"payment": str(self.payment()), "reason": "Returned", "takes_off": True,
                "amount": {"amount": str(Money(amount, "EUR")), "currency": "EUR"}}  # fmt: skip
        try:
            payments.request_refund(by=self.by, data=data, at=make.NOW)
        except Conflict:
            assert amount > self.came - self.back
            return
        assert amount <= self.came - self.back
        self.gave(amount)

    @precondition(lambda self: self.came)
    @rule(amount=part, times=st.integers(1, 3))
    def given_back_at_the_service(self, amount: int, times: int) -> None:
        one = Back(provider_id=self.name(), amount=Money(amount, "EUR"))
        for _ in range(times):
            self.told(backs=[one])
        self.gave(min(amount, self.came - self.back))

    @precondition(lambda self: self.came)
    @rule(amount=part, stages=st.permutations(["open", "review", "lost"]))
    def lost(self, amount: int, stages: list[str]) -> None:
        name = self.name()
        for stage in stages:
            one = Contest(provider_id=name, amount=Money(amount, "EUR"), stage=stage)
            self.told(chargebacks=[one])
        self.gave(min(amount, self.came - self.back))

    @precondition(lambda self: self.came)
    @rule(amount=part)
    def won(self, amount: int) -> None:
        name = self.name()
        for stage in ("won", "open"):
            one = Contest(provider_id=name, amount=Money(amount, "EUR"), stage=stage)
            self.told(chargebacks=[one])

    def gave(self, amount: int) -> None:
        """What is unallocated goes first; where that does not suffice, the allocation is undone."""
        if amount > self.came - self.applied - self.back:
            self.applied = 0
        self.back += amount

    def payment(self) -> Any:
        return queries.get_charge(self.charge.id, by=self.by).payment_id

    @invariant()
    def the_books_agree(self) -> None:
        invoice = invoices.get_invoice(self.invoice.id, by=self.by)
        if self.came:
            paid = money.get_payment(self.payment(), by=self.by)
            active = sum(one.amount for one in paid.allocations if one.is_active)
            assert paid.unallocated_amount == self.came - self.back - active
            assert active == self.applied
        assert invoice.open_amount == self.open()
        with transaction(self.by.organization_id):
            receivable = ledger.balance_of(self.by.organization_id, "receivables")
            transit = ledger.balance_of(self.by.organization_id, "transit")
        assert receivable == self.open()
        assert transit == self.came - self.back


@pytest.mark.usefixtures("db")
def test_lives_of_charges_agree_with_the_model() -> None:
    count = 60 if is_full_size() else 4
    Lives.TestCase.settings = settings(
        max_examples=count, stateful_step_count=10, deadline=None, database=None
    )

    Lives.TestCase().runTest()
