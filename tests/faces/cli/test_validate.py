"""`guilder validate` and `guilder rules`: verdicts and packs without a database."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.faces.cli.papers import ubl
from tests.papers.exchange.test_reading import two_invoices


def run(name: str, *arguments: str) -> Result:
    import importlib

    from guilder.faces.cli.main import Program

    program = Program()
    program.set_up = lambda: None  # type: ignore[method-assign]  (the tests' settings are loaded)
    command = importlib.import_module(f"guilder.faces.cli.commands.{name}").command
    return CliRunner().invoke(command, list(arguments), obj=program)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    (tmp_path / "good.xml").write_bytes(ubl())
    (tmp_path / "bad.xml").write_bytes(ubl(payable="120.00"))
    return (str(tmp_path / "good.xml"), str(tmp_path / "bad.xml"), str(tmp_path / "none.xml"))


def test_each_file_is_one_line_of_json(files: tuple[str, str, str]):
    result = run("validate", "--json", *files)

    good, bad, none = lines(result)
    assert result.exit_code == 3
    assert (good["file"], good["scenario"], good["valid"]) == (files[0], "en16931-ubl", True)
    assert good["packs"][0] == "ubl-schema 2.1"
    assert bad["valid"] is False
    (fired,) = [one for one in bad["fired"] if one["rule"] == "BR-CO-16"]
    assert {"rule", "severity", "where", "text", "fix"} <= set(fired)
    assert fired["severity"] == "fatal"
    assert fired["text"] == "Amount due is not what the parts add up to."
    assert (none["valid"], none["fired"][0]["rule"]) == (None, "import.unreadable")


def test_a_verdict_for_people_says_what_to_do(files: tuple[str, str, str]):
    result = run("validate", files[1])

    assert result.exit_code == 1
    assert "not valid by EN 16931 (UBL)" in result.stderr
    assert "BR-CO-16" in result.stderr
    assert "→ Write the file anew" in result.stderr


def test_other_rules_than_the_files_own_can_be_asked(files: tuple[str, str, str]):
    (told,) = lines(run("validate", "--json", "--as", "xrechnung-ubl", files[0]))

    assert told["scenario"] == "xrechnung-ubl"
    assert "BR-DE-15" in {one["rule"] for one in told["fired"]}


def test_each_invoice_in_a_pdf_is_judged_and_one_can_be_chosen(tmp_path: Path):
    path = tmp_path / "two.pdf"
    path.write_bytes(two_invoices(ubl(payable="120.00")))

    (whole,) = lines(run("validate", "--json", str(path)))
    (second,) = lines(run("validate", "--json", "--attachment", "zugferd-invoice.xml", str(path)))
    told = run("validate", str(path))

    assert whole["attachment"] == "factur-x.xml"
    assert [one["attachment"] for one in whole["others"]] == ["zugferd-invoice.xml"]
    assert "PDF-SEVERAL" in {one["rule"] for one in whole["fired"]}
    assert (second["attachment"], second["valid"], second["others"]) == (
        "zugferd-invoice.xml",
        False,
        [],
    )
    assert "two.pdf, zugferd-invoice.xml: not valid by EN 16931 (UBL)" in told.stderr


def test_packs_are_listed_and_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))
    from guilder.papers.exchange.rules import packs

    (pack,) = [one for one in packs.all_packs() if one.label == "xrechnung 2.6.0"]
    sheet = pack.folder / pack.parts["xrechnung-cii"]
    path = tmp_path / "xrechnung-3.0.2-schematron-9.0.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(sheet, "xsl/XRechnung-CII-validation.xsl")

    (told,) = lines(run("rules", "import", str(path), "--from", "2099-01-01", "--json"))
    listed = lines(run("rules", "list", "--json"))

    assert (told["name"], told["version"]) == ("xrechnung", "9.0.0")
    judges = {f"{one['name']} {one['version']}": one["judges"] for one in listed}
    assert judges["xrechnung 9.0.0"] is False
    assert judges["xrechnung 2.6.0"] is True
