"""Rules that are not installed by default, imported from the staged files as an operator would."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from guilder.papers.exchange.rules import importing
from tests.papers.exchange import corpus

SCHEMA = corpus.CORPUS / "rules" / "xsd" / "cii-d16b"
DESCRIPTION = {
    "name": "cii-schema",
    "version": "D16B",
    "title": "Cross Industry Invoice, schema",
    "publisher": "UN/CEFACT",
    "parts": {"schema-cii": "data/standard/CrossIndustryInvoice_100pD16B.xsd"},
}


@pytest.fixture(scope="session")
def staged_schema(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A folder of imported packs with the schema of CII D16B; None where it is not staged."""
    if not SCHEMA.is_dir():
        return None
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("pack.json", json.dumps(DESCRIPTION))
        for path in sorted(SCHEMA.rglob("*.xsd")):
            target.write(path, str(path.relative_to(SCHEMA)))
    folder = tmp_path_factory.mktemp("packs")
    importing.taken(archive.getvalue(), folder, filename="cii-d16b.zip")
    return folder


@pytest.fixture
def schema_folder(staged_schema: Path | None) -> Path:
    """The same for tests that are about it."""
    if staged_schema is None:
        pytest.skip("the staged schema of CII (GUILDER_SHARED) is not here")
    return staged_schema
