"""Files: out of their folder, under foreign ids, as pages; XML that reads files and calls out."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from guilder.foundation.files import operations as files
from guilder.foundation.files import stores
from guilder.kernel import xml
from guilder.kernel.errors import GuilderError, Invalid
from guilder.office.desk import operations as desk
from guilder.papers.exchange import reading
from guilder.papers.exchange.rules import engine
from tests import make
from tests.make import NOW, World
from tests.stories.running import is_full_size

Browse = Callable[[str], Client]
UP = ["../", "..\\", "%2e%2e/", "..%2f", "%2e%2e%2f", "..%252f", "..%c0%af", "%00../", "....//"]


@pytest.mark.parametrize("step", UP)
def test_no_address_leads_out_of_its_folder(step: str, world: World, browsing: Browse):
    """Row I1: neither plain, encoded nor twice encoded steps upwards reach a file."""
    client = browsing("alice")
    goal = f"{step * 6}etc/passwd"
    addresses = [
        f"/static/{goal}", f"/static/guilder/{goal}", f"/talk/files/{goal}/", f"/jobs/{goal}/file/",
        f"/invoices/{uuid4()}/pages/{goal}.png", f"/pay/{goal}/document.pdf", f"/profile/picture/{goal}/",
        f"/api/v1/invoices/{goal}/pdf/", f"/api/v1/invoices/{uuid4()}/pdf/?format={quote(goal)}",
    ]  # fmt: skip

    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {301, 302, 400, 403, 404, 405}, address
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"root:" not in body


@hypothesis(max_examples=2000 if is_full_size() else 150)
@given(st.text(min_size=1, max_size=60))
def test_a_name_never_holds_a_path(name: str):
    """Row I5: what is left of a name is one part, without steps or separators."""
    try:
        clean = files.clean_name(name)
    except Invalid:
        return

    assert "/" not in clean
    assert "\\" not in clean
    assert clean not in {".", ".."}
    assert Path(f"/root-folder/{clean}").parent == Path("/root-folder")


@pytest.mark.parametrize("digest", ["../../x", "a" * 63, "/etc/passwd", "..", "A" * 64 + "/x"])
def test_bytes_lie_under_their_hash_and_nowhere_else(digest: str, tmp_path: Path):
    """Row I5: a folder beside the store that begins with its name is outside it."""
    (tmp_path / "files-of-others").mkdir()
    (tmp_path / "files-of-others" / "x").write_text("theirs")
    store = stores.Folder(tmp_path / "files")

    with pytest.raises((OSError, ValueError)):
        store.get(digest)


def test_a_file_is_its_organizations_and_its_readers(world: World, browsing: Browse):
    """Row A6: the handle of a file opens nothing for whoever may not see what it lies with."""
    client = make.client(world.alice)
    invoice = make.draft(world.alice, client_id=client.id)
    laid = desk.add_attachment(
        "invoice", invoice.id, by=world.alice, content=b"%PDF-1.7 x", filename="x.pdf", at=NOW
    )
    job = desk.start_progress(by=world.alice, kind="papers", at=NOW, data={"title": "x"})
    kept = files.store(
        b"PK\x03\x04", by=world.alice, filename="x.zip", media_type="application/zip"
    )
    desk.end_progress(job.id, by=world.alice, at=NOW, file_id=kept.id)
    addresses = [f"/talk/files/{laid.id}/", f"/jobs/{job.id}/file/"]

    for address in addresses:
        assert browsing("alice").get(address).status_code == 200
        assert browsing("mallory").get(address).status_code == 404
        assert browsing("bob").get(address).status_code == 404, "a draft of Alice's is not Bob's"
        assert Client().get(address).status_code == 302


def test_a_file_of_strangers_is_saved_never_shown(world: World, browsing: Browse):
    """Row I3: downloads are attachments of their own kind, which no browser takes for a page."""
    invoice = make.draft(world.alice)
    laid = desk.add_attachment(
        "invoice", invoice.id, by=world.alice, content=b"a <b>text</b>", filename="x.txt", at=NOW
    )

    answer = browsing("alice").get(f"/talk/files/{laid.id}/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].startswith("text/plain")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies


@pytest.mark.parametrize(
    ("name", "content", "claimed"),
    [
        ("invoice.pdf", b"<html><script>1</script>", "application/pdf"),
        ("page.html", b"<html>", "application/pdf"),
        ("logo.svg", b"<svg onload='x'/>", "image/svg+xml"),
        ("shell.php", b"<?php", "image/png"),
        ("shell.png", b"<?php", "image/png"),
        ("x.exe", b"MZ", "application/pdf"),
    ],
)
def test_what_would_run_is_not_taken(
    name: str, content: bytes, claimed: str, world: World, browsing: Browse
):
    """Rows I3, J3: the bytes decide, not the name or what the browser says of them."""
    invoice = make.draft(world.alice)
    sent = SimpleUploadedFile(name, content, claimed)

    browsing("alice").post(f"/talk/invoice/{invoice.id}/files/", {"file": sent})

    from guilder.office.desk import queries

    assert queries.list_attachments("invoice", invoice.id, by=world.alice) == []


# XML

CANARY = "canary-5b3e"
DOCUMENTS = {
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]><x>&e;</x>',
    "parameter": '<!DOCTYPE x [<!ENTITY % e SYSTEM "file://{path}"> %e;]><x/>',
    "remote": '<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd"><x/>',
    "laughs": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
    "include": '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{path}" parse="text"/></x>',
    "schema": '<x xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u http://127.0.0.1:{port}/x.xsd"/>',
    "sheet": '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:{port}/x.xsl"?><x/>',
}


@pytest.fixture
def trap(tmp_path: Path) -> Any:
    """A secret file, and a listener that notes who calls."""
    import socket

    (tmp_path / "secret").write_text(CANARY)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.05)
        yield tmp_path / "secret", listening


def hostile(kind: str, trap: Any) -> bytes:
    path, listening = trap
    return DOCUMENTS[kind].format(path=path, port=listening.getsockname()[1]).encode()


def nobody_called(trap: Any) -> bool:
    try:
        trap[1].accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_xml_reads_no_file_and_calls_nobody(kind: str, trap: Any):
    """Row H1: entities, inclusions, schema locations and style sheets stay text or are refused."""
    try:
        text = xml.serialize(xml.parse(hostile(kind, trap)))
    except GuilderError:
        text = b""

    assert CANARY.encode() not in text
    assert nobody_called(trap)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_import_and_the_rules_read_no_file_either(kind: str, trap: Any):
    """Row H2: what the parser refuses does not get in through the validator behind it."""
    data = hostile(kind, trap)
    told = ""
    try:
        told += str(reading.read(data, "x.xml"))
    except GuilderError as error:
        told += error.detail
    told += str(engine.judge(data, {}))

    assert CANARY not in told
    assert nobody_called(trap)


def with_metadata(content: str) -> bytes:
    """A PDF whose metadata is `content`, and which attaches it as an invoice too."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Metadata = pdf.make_stream(content.encode(), Type=pikepdf.Name.Metadata)
    pdf.attachments["factur-x.xml"] = content.encode()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_xml_inside_a_pdf_reads_no_file_either(kind: str, trap: Any):
    """Row H3: metadata and attachments of a PDF are read by the same careful reader."""
    told = ""
    try:
        told = str(reading.read(with_metadata(hostile(kind, trap).decode()), "x.pdf"))
    except GuilderError as error:
        told = error.detail

    assert CANARY not in told
    assert nobody_called(trap)


def test_an_archive_of_rates_stays_in_memory(tmp_path: Path):
    """Row I4: what comes packed is read by its one entry; a name in it never becomes a path."""
    from guilder.registers.currencies.calc import read_ecb

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"../../{tmp_path}/planted.csv", "Date,USD\n2026-11-20,1.1\n")

    assert len(read_ecb(packed.getvalue())) == 1
    assert not list(tmp_path.rglob("planted.csv"))
    assert not (Path(settings.HOME) / "planted.csv").exists()
