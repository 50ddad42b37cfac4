"""Rule packs: found, imported from release archives, chosen by day."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guilder.kernel.errors import GuilderError
from guilder.papers.exchange import judging, rulekeeping
from guilder.papers.exchange.rules import importing, packs
from guilder.papers.exchange.rules.packs import in_force, version_key
from tests.faces.cli.papers import ubl

DAY = date(2026, 11, 1)
# The smallest sheet that reports: each invoice breaks OWN-1.
TINY = b"""<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><svrl:schematron-output>
 <svrl:failed-assert id="OWN-1" flag="fatal" location="/*:Invoice[namespace-uri()='urn:x'][1]">
 <svrl:text>[OWN-1] Always (BT-10).</svrl:text></svrl:failed-assert>
 </svrl:schematron-output></xsl:template></xsl:stylesheet>"""
SCENARIOS = """<scenarios xmlns="http://www.xoev.de/de/validator/framework/1/scenarios"><scenario>
 <match>exists(/invoice:Invoice/cbc:CustomizationID[. = 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0'])</match>
 <createReport><customLevel level="warning">BR-CL-99</customLevel></createReport>
</scenario></scenarios>"""


def archive(files: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))
    return tmp_path / "rules"


def own(parts: Mapping[str, str], **more: Any) -> str:
    return json.dumps({"name": "mine", "version": "1.0", "parts": dict(parts), **more})


def test_what_comes_with_packages_covers_the_usual_scenarios():
    chosen = in_force(packs.all_packs(), on=DAY)

    assert {"schema-ubl-invoice", "schema-ubl-creditnote"} <= set(chosen)
    assert {"en16931-ubl", "en16931-cii", "xrechnung-ubl", "xrechnung-cii"} <= set(chosen)
    assert {"facturx-minimum", "facturx-basicwl", "facturx-basic", "facturx-extended"} <= set(
        chosen
    )
    for part, pack in chosen.items():
        assert (pack.folder / pack.parts[part]).is_file(), part
        assert pack.version
        assert pack.source.startswith("package ")


def test_a_release_of_kosit_brings_its_severities(home: Path):
    data = archive(
        {
            "resources/xrechnung/3.0.2/xsl/XRechnung-UBL-validation.xsl": TINY,
            "scenarios.xml": SCENARIOS,
            "LICENSE": "Apache",
        }
    )

    (pack,) = rulekeeping.import_archive(
        data, filename="xrechnung-3.0.2-schematron-9.1.0.zip", valid_from=date(2027, 2, 1)
    )

    assert pack.label == "xrechnung 9.1.0"
    assert pack.levels == {"xrechnung/ubl-invoice": {"BR-CL-99": "warning"}}
    assert pack.valid_from == date(2027, 2, 1)
    assert len(pack.sha256) == 64
    assert (home / "xrechnung-9.1.0" / "LICENSE").read_text() == "Apache"
    before = in_force(rulekeeping.known_packs(), on=date(2027, 1, 31))
    after = in_force(rulekeeping.known_packs(), on=date(2027, 2, 1))
    assert before["xrechnung-ubl"].version == "2.6.0"
    assert after["xrechnung-ubl"].version == "9.1.0"
    # CII was not in the archive: the older pack still judges it.
    assert after["xrechnung-cii"].version == "2.6.0"


def test_an_imported_sheet_judges_and_the_verdict_names_it(home: Path):
    data = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": TINY})
    rulekeeping.import_archive(data, filename="mine.zip", valid_from=date(2026, 12, 1))

    before = judging.judge(ubl(), on=date(2026, 11, 30))
    after = judging.judge(ubl(), on=date(2026, 12, 1))

    assert before.valid is True
    assert (after.valid, after.packs[1]) == (False, "mine 1.0")
    (fired,) = after.fired
    assert (fired.rule, fired.where, fired.pack) == ("OWN-1", "/Invoice", "mine 1.0")


def test_pint_needs_its_jurisdiction(home: Path):
    sheets = {
        "xslt/PINT-UBL-validation-preprocessed.xslt": TINY,
        "xslt/PINT-jurisdiction-aligned-rules.xslt": TINY,
    }

    with pytest.raises(importing.ArchiveUnknown):
        rulekeeping.import_archive(archive(sheets), filename="pint.zip", version="1.1")
    (pack,) = rulekeeping.import_archive(
        archive(sheets), filename="pint.zip", name="pint-jp", version="1.1"
    )

    assert set(pack.parts) == {"pint-jp-shared", "pint-jp-own"}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"no archive", importing.ArchiveBroken),
        (archive({"readme.txt": b"nothing"}), importing.ArchiveUnknown),
        (archive({"rules/a.sch": b"<schema/>"}), importing.ArchiveUnknown),
        (archive({"pack.json": "{"}), importing.ArchiveBroken),
        (archive({"pack.json": own({"en16931-ubl": "a.xsl"})}), importing.ArchiveBroken),
        (archive({"PEPPOL-EN16931-UBL.xslt": TINY}), importing.VersionUnknown),
        (
            archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": b"<no/>"}),
            rulekeeping.SheetBroken,
        ),
        (
            archive({"pack.json": own({"en16931-ubl": "a.xsl"}, name="../up"), "a.xsl": TINY}),
            importing.ArchiveBroken,
        ),
    ],
)
def test_a_wrong_archive_is_refused_and_nothing_is_kept(
    data: bytes, error: type[GuilderError], home: Path
):
    with pytest.raises(error):
        rulekeeping.import_archive(data, filename="some.zip")

    assert not home.exists() or list(home.iterdir()) == []


def test_a_path_out_of_the_archive_is_never_written(home: Path, tmp_path: Path):
    data = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": TINY, "../evil.xsl": TINY})

    rulekeeping.import_archive(data, filename="mine.zip")

    assert not list(tmp_path.rglob("evil.xsl"))


def test_other_bytes_under_the_same_version_are_refused(home: Path):
    one = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": TINY})
    two = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": TINY + b"\n"})
    rulekeeping.import_archive(one, filename="mine.zip")

    rulekeeping.import_archive(one, filename="mine.zip")
    with pytest.raises(importing.PackThere):
        rulekeeping.import_archive(two, filename="mine.zip")


def test_versions_are_sorted_as_people_count():
    assert version_key("1.3.9") < version_key("1.3.16") < version_key("2026.5")
    assert version_key("1.09.2") > version_key("1.09")
