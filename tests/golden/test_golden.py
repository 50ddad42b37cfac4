"""Papers of many countries, written out: what they come to, and what stands on their PDF.

Each file names a paper in the simple shape of the API, then its totals, its tax rows and the lines
of its PDF. `make golden` writes the last three anew; the difference is to be read before it is
committed. The figures were worked by hand: the comment in each file says how.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from guilder.kernel import totals
from guilder.kernel.document import Document
from guilder.papers.exchange.formats import json as simple
from guilder.papers.rendering.printing import render_pdf
from tests.papers.rendering.reading import text_of

HERE = Path(__file__).parent
REWRITE = os.environ.get("GUILDER_GOLDEN") == "rewrite"
FILES = sorted(HERE.glob("*/*.yaml"))
EXPECTED = ("totals", "taxes", "text")


class Plain(yaml.SafeLoader):
    """Everything but yes and no is text: amounts and dates keep the digits that were written."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in kinds if tag.endswith(":bool")]
    for first, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(), Loader=Plain)


def computed(paper: dict[str, Any]) -> Document:
    (reading,) = simple.read(json.dumps(paper).encode())
    assert reading.problems == ()
    return totals.calculate(reading.document)


def found(document: Document) -> dict[str, Any]:
    sums = document.totals
    assert sums is not None
    lines = text_of(render_pdf(document)).splitlines()
    names = ("line_net", "allowances", "charges", "net", "tax", "gross", "prepaid", "rounding")
    return {
        "totals": {name: str(getattr(sums, name)) for name in (*names, "due")},
        "taxes": [
            f"{row.category} {row.rate if row.rate is not None else '-'} %: {row.tax} on {row.taxable}"
            for row in document.taxes
        ],
        "text": [" ".join(one.split()) for one in lines if one.strip()],
    }


def rewrite(path: Path, result: dict[str, Any]) -> None:
    """Keep what stands above `totals:`, comments and all, and write the rest anew."""
    above = path.read_text().partition("\ntotals:")[0].rstrip()
    below = yaml.safe_dump(result, allow_unicode=True, sort_keys=False, width=96)
    path.write_text(f"{above}\n\n{below}")


def test_there_are_golden_papers():
    assert len(FILES) >= 8


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_paper_is_what_it_was(path: Path):
    wanted = read(path)
    result = found(computed(wanted["paper"]))
    if REWRITE:
        rewrite(path, result)
        return

    assert {name: wanted[name] for name in EXPECTED} == result
