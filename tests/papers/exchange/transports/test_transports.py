"""Each transport keeps its promises, and has some of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guilder.kernel import xml
from guilder.papers.exchange.transports import signing
from guilder.papers.exchange.transports.as4 import As4
from guilder.papers.exchange.transports.base import NotGenuine, Place, Refused, Temporary
from guilder.papers.exchange.transports.folder import Folder
from guilder.papers.exchange.transports.http import Http
from guilder.papers.exchange.transports.sftp import Sftp, fingerprint
from tests.papers.exchange.transports import far_sides
from tests.papers.exchange.transports.contract import DATA, NOW, PARCEL, Contract
from tests.papers.exchange.transports.sftp_server import PASSWORD, sftp_server


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows servers on this machine."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "127.0.0.0/8")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is waited for for long."""
    monkeypatch.setattr("guilder.papers.exchange.transports.sftp.PATIENCE", 5)


@pytest.fixture(scope="session")
def points() -> tuple[far_sides.Point, far_sides.Point]:
    """Two access points."""
    return far_sides.access_point("POP000001"), far_sides.access_point("POP000002")


class TestFolder(Contract):
    transport = Folder()

    @pytest.fixture
    def far_side(self, tmp_path: Path) -> far_sides.FolderSide:
        return far_sides.FolderSide(tmp_path)

    def test_no_address_leads_out_of_the_folder(self, far_side: Any, tmp_path: Path) -> None:
        place = self.place(far_side, tmp_path / "own")
        self.transport.send(replace(PARCEL, address="../../etc"), place)

        [file] = tmp_path.rglob("*.xml")
        assert file.is_relative_to(tmp_path / "own" / "out")


class TestSftp(Contract):
    transport = Sftp()

    @pytest.fixture
    def far_side(self, tmp_path: Path) -> Iterator[far_sides.SftpSide]:
        (tmp_path / "server/in").mkdir(parents=True)
        with sftp_server(tmp_path / "server") as running:
            side = far_sides.SftpSide(running, lambda: setattr(running, "port", 1))
            yield side

    def test_a_side_that_is_gone_is_a_matter_of_time(self, far_side: Any, tmp_path: Path) -> None:
        far_side.stop()

        with pytest.raises(Temporary) as caught:
            self.transport.send(self.parcel(far_side), self.place(far_side, tmp_path))

        self.tells_no_secret(caught.value, far_side)

    def test_nobody_reads_half_a_file(self, far_side: Any, tmp_path: Path) -> None:
        self.transport.send(PARCEL, self.place(far_side, tmp_path))

        [(old, new)] = far_side.running.renamed
        assert old.endswith(".part") and new.endswith(PARCEL.own_name)
        assert all(not one.endswith(".xml") for one in far_side.running.opened)

    def test_another_host_key_is_refused_before_a_password_is_told(
        self, far_side: Any, tmp_path: Path
    ) -> None:
        other = "SHA256:" + "A" * 43
        with pytest.raises(Refused, match="another key"):
            self.transport.send(PARCEL, self.place(far_side, tmp_path, host_key=other))

        shown = fingerprint(far_side.running.host_key.asbytes())
        with pytest.raises(Refused, match="Compare it") as caught:
            self.transport.try_out(self.place(far_side, tmp_path, host_key=""))
        assert shown in caught.value.detail
        self.transport.send(PARCEL, self.place(far_side, tmp_path, host_key=shown))

    def test_a_wrong_password_is_told_without_it(self, far_side: Any, tmp_path: Path) -> None:
        with pytest.raises(Temporary, match="refuses") as caught:
            self.transport.send(PARCEL, self.place(far_side, tmp_path, password="wrong-canary"))

        assert "wrong-canary" not in caught.value.detail and PASSWORD not in caught.value.detail

    def test_a_private_address_is_refused(
        self, far_side: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "")

        with pytest.raises(Refused, match="not public"):
            self.transport.send(PARCEL, self.place(far_side, tmp_path))


class TestHttp(Contract):
    transport = Http()

    @pytest.fixture
    def far_side(self) -> Iterator[far_sides.HttpSide]:
        side = far_sides.HttpSide()

        def answer(head: dict[str, str], body: bytes) -> tuple[int, bytes]:
            if body:
                side.calls.append((head, body))
            return side.status, side.body

        with far_sides.http_server(side, answer):
            yield side

    def test_the_call_is_signed_over_number_time_and_body(
        self, far_side: Any, tmp_path: Path
    ) -> None:
        handed = self.transport.send(PARCEL, self.place(far_side, tmp_path))

        [(head, body)] = far_side.calls
        number = signing.require_genuine(far_sides.SECRET, head, body=body, at=NOW)
        assert (number, handed.reference) == (PARCEL.number, "theirs-1")

    @pytest.mark.parametrize(
        ("status", "error"),
        [(400, Refused), (401, Refused), (413, Refused), (422, Refused), (408, Temporary),
         (429, Temporary), (500, Temporary), (503, Temporary), (302, Temporary)],
    )  # fmt: skip
    def test_what_an_answer_means(
        self, far_side: Any, tmp_path: Path, status: int, error: type[Exception]
    ) -> None:
        far_side.status = status

        with pytest.raises(error):
            self.transport.send(PARCEL, self.place(far_side, tmp_path))

    def test_an_old_signature_counts_no_more(self, far_side: Any, tmp_path: Path) -> None:
        call = far_side.call(DATA, at=NOW.replace(hour=11))

        with pytest.raises(NotGenuine):
            self.transport.take(call, self.place(far_side, tmp_path))


class TestAs4(Contract):
    transport = As4()

    @pytest.fixture
    def far_side(
        self, points: tuple[far_sides.Point, far_sides.Point]
    ) -> Iterator[far_sides.As4Side]:
        side = far_sides.As4Side(*points)
        with far_sides.http_server(side, side.answer):
            yield side

    def plain(self, data: bytes) -> bytes:
        """The envelope may declare XML anew; elements and texts are the same."""
        root = xml.parse(data)
        return repr([(one.tag, one.attrib, one.text) for one in root.iter()]).encode()

    def numbers(self, far_side: Any) -> int:
        return len({one.number for one in far_side.arrivals})

    def test_the_receipt_is_kept_as_evidence(self, far_side: Any, tmp_path: Path) -> None:
        handed = self.transport.send(self.parcel(far_side), self.place(far_side, tmp_path))

        assert handed.state == "delivered"
        assert b"NonRepudiationInformation" in handed.evidence
        [arrival] = far_side.arrivals
        assert arrival.number == PARCEL.number
        assert (arrival.sender, arrival.recipient) == (far_sides.OURS, far_sides.THEIRS)

    def test_a_stranger_is_not_believed(
        self, far_side: Any, tmp_path: Path, points: tuple[far_sides.Point, far_sides.Point]
    ) -> None:
        stranger = far_sides.access_point("POP000001")  # says the name, has another key
        place = self.place(
            far_side, tmp_path, certificate=stranger.certificate, private_key=stranger.key
        )

        with pytest.raises((Temporary, Refused)):
            self.transport.send(self.parcel(far_side), place)

        assert not far_side.arrivals

    def test_a_participant_who_is_not_served_is_told(self, far_side: Any, tmp_path: Path) -> None:
        other = "0088:4035811991038"
        peers = f"{other} http://127.0.0.1:{far_side.port}/as4 POP000002"
        parcel = replace(PARCEL, address=other)

        with pytest.raises(Refused, match=r"(?i)not.serviced"):
            self.transport.send(parcel, self.place(far_side, tmp_path, peers=peers))

    def test_nobody_knows_the_participant(self, far_side: Any, tmp_path: Path) -> None:
        place = self.place(far_side, tmp_path)

        assert self.transport.look_up(far_sides.THEIRS, place) is True
        assert self.transport.look_up("0088:4035811991045", place) is False

    def test_a_participant_is_found_by_its_publisher(
        self, far_side: Any, tmp_path: Path, points: tuple[far_sides.Point, far_sides.Point]
    ) -> None:
        smp, trusted = far_sides.HttpSide(), points[1].certificate
        der = "".join(trusted.split("-----")[2].split())
        asked: list[str] = []

        def answer(head: dict[str, str], body: bytes) -> tuple[int, bytes]:
            del body
            asked.append(head["host"])
            text = (
                '<SignedServiceMetadata><Endpoint transportProfile="peppol-transport-as4-v2_0">'
                f"<EndpointReference><Address>http://127.0.0.1:{far_side.port}/as4</Address>"
                f"</EndpointReference><Certificate>{der}</Certificate></Endpoint>"
                "</SignedServiceMetadata>"
            )
            return smp.status, text.encode()

        with far_sides.http_server(smp, answer):
            url = f"http://127.0.0.1:{smp.port}"
            place = self.place(far_side, tmp_path, peers="", smp=url)
            smp.status = 200
            self.transport.send(self.parcel(far_side), place)
            assert asked and len(far_side.arrivals) == 1

            stranger = far_sides.access_point("POP000009").certificate
            other = self.place(far_side, tmp_path, peers="", smp=url, certificates=stranger)
            with pytest.raises(Refused, match="not trusted"):
                self.transport.send(self.parcel(far_side), other)
            smp.status = 404
            assert self.transport.look_up(far_sides.THEIRS, place) is False

    def test_a_pdf_does_not_travel_by_as4(self, far_side: Any, tmp_path: Path) -> None:
        parcel = replace(self.parcel(far_side), data=b"%PDF-1.7 ...")

        with pytest.raises(Refused, match="XML only"):
            self.transport.send(parcel, self.place(far_side, tmp_path))


def test_a_signature_needs_every_part() -> None:
    secret = signing.new_secret()
    head = signing.signed_headers(secret, number="a", at=NOW, body=b"x")

    assert signing.require_genuine(secret, head, body=b"x", at=NOW) == "a"
    for broken in (
        {**head, "webhook-id": "b"},
        {**head, "webhook-timestamp": "soon"},
        {**head, "webhook-signature": "v1,AAAA"},
        {},
    ):
        with pytest.raises(NotGenuine):
            signing.require_genuine(secret, broken, body=b"x", at=NOW)
    with pytest.raises(NotGenuine):
        signing.require_genuine(signing.new_secret(), head, body=b"x", at=NOW)
    assert isinstance(Place(settings={}, folder=Path("/"), at=NOW).text("x"), str)
