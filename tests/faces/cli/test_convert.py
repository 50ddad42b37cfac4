"""`guilder convert`: from any format into any other, with what is lost by name."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guilder.faces.cli.commands.convert import command
from guilder.faces.cli.main import Program
from guilder.papers.exchange.formats.pdf import attached_xml
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.reading import read
from tests.papers.exchange import full
from tests.papers.exchange.test_writing import paper


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], obj=Program())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.xml"
    path.write_bytes(full.UBL)
    return path


def test_nothing_is_lost_between_equals(source: Path, tmp_path: Path):
    to = tmp_path / "to.xml"

    result = run(source, to, "--to", "xrechnung-ubl")

    assert result.exit_code == 0
    assert "nothing is lost" in result.stderr
    assert read(to.read_bytes()).profile.endswith("xrechnung_3.0")


def test_what_is_lost_is_named(source: Path, tmp_path: Path):
    to = tmp_path / "to.xml"

    result = run(source, to, "--to", "cii", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 3
    assert (told["format"], told["lossless"]) == ("cii", False)
    assert told["differences"] == [
        {"change": "lost", "term": "BT-25", "place": "/preceding/1/number", "value": "BT-25 b",
         "read": ""}
    ]  # fmt: skip
    assert to.exists()


def test_strict_writes_nothing_that_loses(source: Path, tmp_path: Path):
    to = tmp_path / "to.xml"

    result = run(source, to, "--to", "facturx-minimum", "--strict")

    assert result.exit_code == 1
    assert "BT-28 /seller/trading_name: BT-28" in result.stderr
    assert not to.exists()


def test_a_profile_becomes_a_pdf(source: Path, tmp_path: Path):
    to = tmp_path / "to.pdf"

    run(source, to, "--to", "facturx-extended")
    back = run(to, tmp_path / "back.xml", "--to", "ubl")

    assert attached_xml(to.read_bytes())[0] == "factur-x.xml"
    assert back.exit_code == 0


def test_a_format_without_a_profile_is_no_pdf(source: Path, tmp_path: Path):
    result = run(source, tmp_path / "to.pdf", "--to", "ubl")

    assert result.exit_code == 2
    assert "does not stand inside a PDF" in result.stderr


def test_a_file_that_contradicts_itself_is_not_converted(tmp_path: Path):
    path = tmp_path / "wrong.xml"
    path.write_bytes(
        full.UBL.replace(b">100.00</cbc:PayableAmount>", b">99.00</cbc:PayableAmount>")
    )

    result = run(path, tmp_path / "to.xml", "--to", "cii", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (told["ok"], told["code"]) == (False, "exchange.not_convertible")
    assert not (tmp_path / "to.xml").exists()


@pytest.mark.parametrize("content", [b"", b"<Order/>", b"\x00\x01"])
def test_what_is_no_invoice_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "strange"
    path.write_bytes(content)

    result = run(path, tmp_path / "to.xml", "--to", "ubl")

    assert result.exit_code == 1
    assert "cannot be converted" in result.stderr


def test_a_csv_becomes_an_invoice(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(write(paper(), "csv"))

    result = run(path, tmp_path / "a.json", "--to", "json")

    assert result.exit_code == 0
    assert read((tmp_path / "a.json").read_bytes()).document.number == "BT-1"
