"""A document goes out by a folder and comes in by one."""

from pathlib import Path
from typing import Any

from guilder.office.channels import operations, queries
from tests import make
from tests.make import World


def test_a_document_goes_into_the_folder_with_the_bytes_that_are_kept(
    world: World, channel: Any, agreed: Any, system: Any, folders: Path
) -> None:
    by = world.alice
    way = channel(by, "folder")
    client = agreed(by, way, address="acme")
    invoice = make.issued_invoice(by, client_id=client.id)

    sending = operations.send_invoice(invoice.id, by=by, at=make.NOW)
    assert sending.transmission is not None
    assert operations.transmit(sending.transmission.id, by=system, at=make.NOW)

    row = queries.get_transmission(sending.transmission.id, by=by)
    assert (row.state, row.attempts, row.problem) == ("delivered", 1, "")
    [file] = (queries.folder_of(way) / "out" / "acme").iterdir()
    kept = queries.bytes_of(row.id, by=by)
    assert file.read_bytes() == kept.data
    assert b"xrechnung" in kept.data
    states = [one.state for one in queries.history_of([row.id], by=by)[row.id]]
    assert states == ["queued", "sending", "delivered"]
