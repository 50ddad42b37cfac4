"""What every transport promises, our own and those of plug-ins: inherit and say how it is set up.

A plug-in's tests do the same: `class TestMine(Contract)` with a `far_side` fixture.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from guilder.kernel.errors import GuilderError
from guilder.papers.exchange.transports.base import (
    Called,
    NotGenuine,
    NotOffered,
    Parcel,
    Place,
    Refused,
    Temporary,
    Transport,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATA = (
    b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    b' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    b"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>"
    b"<cbc:ID>R-1</cbc:ID></Invoice>"
)
PARCEL = Parcel(
    number="0192aabbccddeeff00112233445566ff",
    filename="R-1.xml",
    media_type="application/xml",
    data=DATA,
    country="DE",
)


class FarSide(Protocol):
    """The other end of a transport in a test."""

    settings: dict[str, Any]
    address: str

    def got(self) -> list[bytes]:
        """The documents that are over there now."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Leave a document to be picked up."""
        ...

    def call(self, data: bytes, *, at: datetime) -> Called:
        """A genuine call with a document."""
        ...

    def stop(self) -> None:
        """Be gone."""
        ...


class Contract:
    """The promises. `far_side` is a fixture of the inheriting class."""

    transport: Transport

    def place(self, far_side: FarSide, folder: Path, **changes: Any) -> Place:
        return Place(settings={**far_side.settings, **changes}, folder=folder, at=NOW)

    def parcel(self, far_side: FarSide) -> Parcel:
        return replace(PARCEL, address=far_side.address)

    def test_its_settings_are_sound(self, far_side: FarSide) -> None:
        assert not list(self.transport.faults(far_side.settings))
        names = {one.name for one in self.transport.fields}
        assert set(far_side.settings) <= names
        assert all(one.label for one in self.transport.fields)

    def test_what_is_sent_is_over_there_byte_for_byte(
        self, far_side: FarSide, tmp_path: Path
    ) -> None:
        handed = self.transport.send(self.parcel(far_side), self.place(far_side, tmp_path))

        assert handed.state in ("sent", "delivered")
        assert [self.plain(one) for one in far_side.got()] == [self.plain(DATA)]

    def test_sent_twice_it_can_be_known_as_one(self, far_side: FarSide, tmp_path: Path) -> None:
        for _ in range(2):
            self.transport.send(self.parcel(far_side), self.place(far_side, tmp_path))

        assert len({self.plain(one) for one in far_side.got()}) == 1
        assert self.numbers(far_side) <= 1

    def test_a_side_that_is_gone_is_a_matter_of_time(
        self, far_side: FarSide, tmp_path: Path
    ) -> None:
        place = self.place(far_side, tmp_path)
        far_side.stop()

        with pytest.raises(Temporary) as caught:
            self.transport.send(self.parcel(far_side), place)

        self.tells_no_secret(caught.value, far_side)

    def test_what_waits_is_picked_up_once(self, far_side: FarSide, tmp_path: Path) -> None:
        place = self.place(far_side, tmp_path)
        if not self.transport.collects:
            with pytest.raises(NotOffered):
                list(self.transport.collect(place))
            return
        far_side.put("bill.xml", DATA)
        far_side.put(".bill.xml.part", b"half")

        [arrival] = self.transport.collect(place)
        [again] = self.transport.collect(place)
        assert (arrival.data, arrival.filename) == (DATA, "bill.xml")
        assert arrival.number == again.number

        self.transport.keep(arrival, place)
        self.transport.keep(arrival, place)
        assert not list(self.transport.collect(place))

    def test_a_genuine_call_is_taken_and_the_same_one_has_the_same_number(
        self, far_side: FarSide, tmp_path: Path
    ) -> None:
        place = self.place(far_side, tmp_path)
        if not self.transport.is_called:
            with pytest.raises(NotOffered):
                self.transport.take(Called(headers={}, body=b""), place)
            return
        first = self.transport.take(far_side.call(DATA, at=NOW), place)
        second = self.transport.take(far_side.call(DATA, at=NOW), place)

        assert first.arrival is not None and second.arrival is not None
        assert self.plain(first.arrival.data) == self.plain(DATA)
        assert first.arrival.number == second.arrival.number
        assert first.answer.status < 300

    def test_a_changed_call_brings_nothing_that_was_not_signed(
        self, far_side: FarSide, tmp_path: Path
    ) -> None:
        if not self.transport.is_called:
            return
        call, refused = far_side.call(DATA, at=NOW), 0
        for part in range(1, 8):
            body = bytearray(call.body)
            body[len(body) * part // 8] ^= 1
            changed = Called(headers=call.headers, body=bytes(body))
            try:
                arrival = self.transport.take(changed, self.place(far_side, tmp_path)).arrival
            except (NotGenuine, Refused):
                arrival = None
            refused += arrival is None
            assert arrival is None or self.plain(arrival.data) == self.plain(DATA)

        assert refused >= 5  # one or the other byte is blank space around what is signed

    def test_trying_it_out_sends_nothing(self, far_side: FarSide, tmp_path: Path) -> None:
        assert self.transport.try_out(self.place(far_side, tmp_path))
        assert not far_side.got()

    def plain(self, data: bytes) -> bytes:
        """A document as it is compared; a transport may lay it into an envelope of XML."""
        return data

    def numbers(self, far_side: FarSide) -> int:
        """How many different documents the far side would think it has."""
        return len(far_side.got())

    def tells_no_secret(self, error: GuilderError, far_side: FarSide) -> None:
        for one in self.transport.fields:
            if one.kind == "secret" and far_side.settings.get(one.name):
                assert str(far_side.settings[one.name]) not in error.detail
