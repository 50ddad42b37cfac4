"""Other programs' readers agree with ours on the corpus, field by field where they have the field."""

from decimal import Decimal

from guilder.papers.exchange.formats.pdf import attached_xml
from guilder.papers.exchange.reading import read
from tests.papers.exchange import corpus

corpus.needed()
CII = [
    path for path in corpus.valid_files() if b"CrossIndustryInvoice" in corpus.data_of(path)[:2000]
]
PDFS = [row["path"] for row in corpus.rows() if row["form"].startswith("pdf:")]
# It refuses elements that EN 16931 has and it does not know: 53 of 95 files.
READ_BY_DRAFTHORSE = 40


def test_drafthorse_agrees_on_cii():
    from drafthorse.models.document import Document

    compared = 0
    for path in CII:
        data = corpus.data_of(path)
        try:
            theirs = Document.parse(data, strict=False)
        except Exception:  # whatever another program stumbles over is not ours
            continue
        ours = read(data)
        compared += 1
        settlement = theirs.trade.settlement
        sums = settlement.monetary_summation
        assert str(theirs.header.id).strip() == ours.document.number, path
        assert str(theirs.header.type_code).strip() == ours.document.type_code, path
        assert str(settlement.currency_code).strip() == ours.document.currency, path
        seller = theirs.trade.agreement.seller
        assert str(seller.name).strip() == ours.document.seller.name, path
        assert str(seller.address.city_name).strip() == ours.document.seller.address.city, path
        for value, stated in (
            (sums.line_total._value, ours.stated.line_net),
            (sums.due_amount._value, ours.stated.due),
            (sums.prepaid_total._value, ours.stated.prepaid),
        ):
            assert Decimal(value or 0) == (stated or 0), path
        if not any(remark.code == "exchange.sub_line" for remark in ours.remarks):
            assert len(theirs.trade.items.children) >= len(ours.document.lines), path

    assert compared >= READ_BY_DRAFTHORSE


def test_factur_x_finds_the_same_attachments():
    from facturx import get_facturx_xml_from_pdf

    compared = 0
    for path in PDFS[::3]:
        data = corpus.data_of(path)
        try:
            name, content = get_facturx_xml_from_pdf(data, check_xsd=False)
        except Exception:
            continue
        if content:  # it knows no attachment called xrechnung.xml
            compared += 1
            # Where two invoices are in it, both of us take one that the other finds by its name.
            named = name if path.endswith("ZUGFeRD1and2.pdf") else ""
            assert attached_xml(data, named) == (name, content), path

    assert compared >= len(PDFS) // 3 - 5
