"""A channel that answers by itself: senders hear what becomes of their documents, each thing once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from guilder.books.bills.events import BillBooked
from guilder.flows.intake import operations as intake
from guilder.flows.intake import queries as received
from guilder.flows.intake.events import DocumentRefused
from guilder.office.channels import listeners, operations, queries, tasks
from tests import make
from tests.make import World
from tests.office.channels.test_stories import house, http_pair, papers, sent


@pytest.fixture
def came(world: World, channel: Any, agreed: Any, wire: None) -> tuple[Any, Any]:
    """(the sender's transmission, the receiver's) of an invoice of alice's at mallory's."""
    first, second = http_pair(world.alice, world.mallory, channel)
    one = sent(world.alice, agreed(world.alice, first, address=""))
    now = datetime.now(UTC)
    operations.transmit(one, by=house(world.alice), at=now)
    [arrived] = queries.list_transmissions(by=world.mallory, channel_id=second.id)
    operations.hand_on(arrived.id, by=house(world.mallory), at=now)
    return one, arrived


def answering(world: World, arrived: Any, *, is_on: bool = True) -> None:
    """The receiver's channel answers by itself, or does not."""
    operations.update_channel(
        arrived.channel_id, by=world.mallory, data={"answers": is_on}, at=make.NOW
    )


def answered_paper(world: World, paper: Any) -> None:
    """The job that tells the sender of a refused paper."""
    tasks.answer_of_paper(
        organization_id=world.mallory.organization_id, document_id=paper.id, text="Not ours."
    )


def test_a_refusal_goes_back_with_its_reason_once(world: World, came: Any) -> None:
    one, arrived = came
    answering(world, arrived)
    [paper] = papers(world.mallory)
    intake.refuse(paper.id, by=world.mallory, at=make.NOW, reason="Not ours.")

    for _ in range(2):
        answered_paper(world, paper)

    [said] = queries.list_transmissions(by=world.mallory, direction="out")
    operations.transmit(said.id, by=house(world.mallory), at=datetime.now(UTC))
    [told] = queries.list_transmissions(by=world.alice, direction="in")
    operations.hand_on(told.id, by=house(world.alice), at=datetime.now(UTC))
    row = queries.get_transmission(one, by=world.alice)
    assert (row.state, row.problem) == ("rejected", "Not ours.")


def test_a_booked_bill_is_accepted_and_a_paid_one_paid(world: World, came: Any) -> None:
    _, arrived = came
    answering(world, arrived)
    [paper] = papers(world.mallory)
    bill = intake.make_bill(
        paper.id, by=world.mallory, at=make.NOW, is_new_supplier=True, accept_differences=True
    )

    for code in ("AP", "AP", "PD", "AP"):
        tasks.answer_of_bill(
            organization_id=world.mallory.organization_id, bill_id=bill.id, code=code
        )

    said = queries.list_transmissions(by=world.mallory, direction="out")
    codes = [row.code for row in queries.history_of([arrived.id], by=world.mallory)[arrived.id]]
    assert len(said) == 2
    assert [code for code in codes if code] == ["AP", "PD"]


def test_without_the_switch_nothing_is_said(world: World, came: Any, monkeypatch: Any) -> None:
    _, arrived = came
    [paper] = papers(world.mallory)
    queued: list[Any] = []
    monkeypatch.setattr(listeners, "enqueue", lambda *a, **k: queued.append(k))
    refused = DocumentRefused(document_id=paper.id, reason="Not ours.")
    booked = BillBooked(
        bill_id=paper.id, partner_id=paper.id, kind="bill", number="1", amount="1.00",
        currency="EUR", booked_on=make.TODAY, due_on=None,
    )  # fmt: skip

    def heard() -> int:
        listeners.on_document_refused(refused, organization_id=world.mallory.organization_id)
        listeners.on_bill_booked(booked, organization_id=world.mallory.organization_id)
        return len(queued)

    assert heard() == 0
    answered_paper(world, paper)
    assert not queries.list_transmissions(by=world.mallory, direction="out")

    answering(world, arrived)
    assert heard() == 2
    assert received.get_received(paper.id, by=world.mallory).state == "read"
