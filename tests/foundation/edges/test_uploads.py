"""Files from strangers: what they are called and what they are must agree."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guilder.foundation.edges import scanner, uploads

PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def packed(*entries: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("plan.PDF", PDF, "application/pdf"),
        ("photo.png", PNG, "image/png"),
        ("notes.txt", "Grüße".encode(), "text/plain"),
        ("rows.csv", b"a;b\n1;2\n", "text/csv"),
        ("invoice.xml", b'<?xml version="1.0"?><Invoice/>', "application/xml"),
        ("mail.eml", b"Subject: x\n\n<html><body>x</body></html>", "message/rfc822"),
        ("all.zip", packed(("a.txt", b"a")), "application/zip"),
        ("utf16.csv", "a;b".encode("utf-16"), "text/csv"),
    ],
)
def test_a_file_is_what_its_name_and_bytes_say(name: str, data: bytes, media_type: str):
    assert uploads.judge(data, filename=name) == media_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("invoice.pdf", b"<html><script>alert(1)</script>"),
        ("invoice.pdf", b"MZ\x90\x00"),
        ("invoice.pdf.exe", PDF),
        ("run.sh", b"#!/bin/sh\n"),
        ("run.txt", b"#!/bin/sh\n"),
        ("photo.png", b"\xff\xd8\xff\xe0"),
        ("logo.svg", b"<svg onload='alert(1)'/>"),
        ("page.html", b"<!doctype html>"),
        ("page.txt", b"\xef\xbb\xbf  <!DOCTYPE html>"),
        ("logo.xml", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("data.csv", PDF),
        ("data.csv", b"a\x00b"),
        ("picture.webp", b"RIFF\x00\x00\x00\x00WAVE"),
        ("all.zip", b"PK\x03\x04broken"),
        ("noname", b"x"),
        ("..", b"x"),
        ("x.php", b"<?php"),
    ],
)
def test_what_only_looks_like_it_is_refused(name: str, data: bytes):
    with pytest.raises(uploads.BadUpload) as refused:
        uploads.judge(data, filename=name)

    assert refused.value.problems[0].pointer == "/file"


def test_a_bomb_is_refused_unopened():
    bomb = packed(("zeros.txt", b"\0" * 40 * 2**20))

    with pytest.raises(uploads.ArchiveBomb):
        uploads.judge(bomb, filename="all.zip")
    with pytest.raises(uploads.ArchiveBomb):
        uploads.judge(bomb, filename="book.xlsx")


def test_many_entries_are_refused():
    many = packed(*((f"{n}.txt", b"") for n in range(uploads.MOST_ENTRIES + 1)))

    with pytest.raises(uploads.ArchiveBomb):
        uploads.judge(many, filename="all.zip")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\windows.ini"])
def test_an_archive_stays_in_its_folder(name: str):
    with pytest.raises(uploads.BadUpload):
        uploads.judge(packed((name, b"x")), filename="all.zip")


def test_an_archive_names_no_links():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(uploads.BadUpload):
        uploads.judge(made.getvalue(), filename="all.zip")


@pytest.fixture
def clamd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """A scanner that knows one virus; `clamd(answer)` has it say something else."""
    place = tmp_path / "clamd.ctl"
    said: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place))
    listening.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as reader:
                assert reader.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", reader.read(4))[0]:
                    data += reader.read(size)
                found = b"stream: Eicar-Signature FOUND" if EICAR in data else b"stream: OK"
                line.sendall((said[0] if said else found) + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    monkeypatch.setenv("GUILDER_CLAMD", f"unix:{place}")
    yield said.append
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def test_without_a_scanner_nothing_is_asked():
    assert not scanner.is_on()

    scanner.scan(EICAR)


def test_the_scanner_has_its_say(clamd: Callable[[bytes], None]):
    scanner.scan(PDF * 20_000)

    with pytest.raises(scanner.Infected, match="Eicar-Signature"):
        scanner.scan(b"x" * 200_000 + EICAR)
    with pytest.raises(scanner.Infected):
        uploads.admit(PDF + EICAR, filename="plan.pdf")


def test_a_scanner_that_cannot_look_lets_nothing_through(clamd: Callable[[bytes], None]):
    clamd(b"INSTREAM size limit exceeded. ERROR")

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(PDF)


@pytest.mark.parametrize("place", ["unix:/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
def test_a_scanner_that_is_not_there_lets_nothing_through(
    place: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GUILDER_CLAMD", place)

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(PDF)
