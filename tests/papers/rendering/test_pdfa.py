"""Every design passes veraPDF as PDF/A-3a and PDF/UA-1, and a spoilt file does not."""

import io
from dataclasses import replace
from itertools import product

import pikepdf
import pytest

from guilder.kernel.document import Kind
from guilder.papers.rendering.operations import STYLES, Look, render_pdf
from tests.papers.rendering import verapdf
from tests.papers.rendering.papers import LOGO, arabic, everything, invoice, swiss, worst

LOOK = Look(
    logo=LOGO, header="Light for people", intro="Thank you.", closing="Bye.", footer="Chamber 7"
)
PAPERS = {
    "plain": lambda: invoice(10),
    "everything": everything,
    "draft": lambda: invoice(2, number=""),
    "worst": worst,
    "arabic": arabic,
    "swiss": swiss,
    "credit note": lambda: invoice(2, kind=Kind.CREDIT_NOTE),
}
pytestmark = pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "-")


@pytest.mark.parametrize(("style", "name"), list(product(STYLES, PAPERS)))
def test_a_paper_is_archivable_and_accessible(tmp_path, style, name):
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(render_pdf(PAPERS[name](), look=replace(LOOK, style=style)))

    assert not verapdf.faults(pdf, "3a")
    assert not verapdf.faults(pdf, "ua1")


def test_verapdf_finds_what_is_wrong(tmp_path):
    sound = render_pdf(invoice(10))

    unmarked = spoil(sound, tmp_path / "unmarked.pdf", lambda root: root.__delitem__("/MarkInfo"))
    nameless = spoil(sound, tmp_path / "nameless.pdf", lambda root: root.__delitem__("/Metadata"))
    wordless = spoil(sound, tmp_path / "wordless.pdf", lambda root: root.__delitem__("/Lang"))

    assert verapdf.faults(unmarked, "3a")["6.7.2.2-1"] == 1
    assert verapdf.faults(nameless, "3a")["6.6.2.1-1"] == 1
    assert verapdf.faults(wordless, "ua1")["7.2-34"] > 0


def spoil(pdf, to, change):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened.Root)
        opened.save(to)
    return to
