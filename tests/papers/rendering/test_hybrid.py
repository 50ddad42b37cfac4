"""A PDF with its e-invoice inside: archivable, read by other programs, and little more work."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from guilder.papers.exchange.formats.pdf import attached_xml
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.reading import read
from guilder.papers.rendering.hybrid import Enclosure, enclose
from guilder.papers.rendering.operations import render_pdf
from tests.papers.rendering import verapdf
from tests.papers.rendering.papers import everything, invoice

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROFILES = [target for target in TARGETS.values() if target.profile]


@pytest.fixture(scope="module")
def plain():
    return render_pdf(invoice(10))


def hybrid(pdf: bytes, name: str, document=None) -> bytes:
    target = TARGETS[name]
    content = write(document or invoice(10), name)
    enclosure = Enclosure(xml=content, filename=target.attachment, profile=target.profile)
    return enclose(pdf, enclosure, at=AT)


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "-")
@pytest.mark.parametrize("name", [target.name for target in PROFILES])
def test_a_hybrid_is_archivable_and_accessible(tmp_path, plain, name):
    pdf = tmp_path / "hybrid.pdf"
    pdf.write_bytes(hybrid(plain, name))

    assert not verapdf.faults(pdf, "3a")
    assert not verapdf.faults(pdf, "ua1")


@pytest.mark.parametrize("target", PROFILES, ids=lambda target: target.name)
def test_the_attachment_and_the_metadata_say_the_profile(plain, target):
    made = hybrid(plain, target.name)

    assert attached_xml(made)[0] == target.attachment
    with pikepdf.open(io.BytesIO(made)) as opened:
        told = opened.Root.Metadata.read_bytes().decode()
        relationship = str(opened.Root.AF[0].AFRelationship)
    assert f"<fx:ConformanceLevel>{target.profile}</fx:ConformanceLevel>" in told
    assert f"<fx:DocumentFileName>{target.attachment}</fx:DocumentFileName>" in told
    is_part = target.profile in ("MINIMUM", "BASIC WL")
    assert relationship == ("/Data" if is_part else "/Alternative")


def test_what_was_printed_stays_byte_for_byte(plain):
    made = hybrid(plain, "facturx")

    assert made.startswith(plain)
    assert made == hybrid(plain, "facturx")


def test_what_is_inside_is_what_is_written(plain):
    made = hybrid(plain, "facturx")

    assert attached_xml(made)[1] == write(invoice(10), "facturx")
    assert read(made).format == "pdf-cii"


def test_factur_x_reads_it(plain):
    from facturx import get_facturx_xml_from_pdf

    name, content = get_facturx_xml_from_pdf(hybrid(plain, "facturx-extended"), check_xsd=True)

    assert name == "factur-x.xml"
    assert content == write(invoice(10), "facturx-extended")


def test_drafthorse_reads_it_field_by_field(plain):
    from drafthorse.models.document import Document as Other

    document = everything()
    content = write(document, "facturx")
    ours = read(content)
    theirs = Other.parse(content, strict=False)

    agreement, settlement = theirs.trade.agreement, theirs.trade.settlement
    sums = settlement.monetary_summation
    assert str(theirs.header.id) == ours.document.number
    assert str(theirs.header.type_code) == ours.document.type_code
    assert str(agreement.seller.name) == ours.document.seller.name
    assert str(agreement.seller.address.country_id) == ours.document.seller.address.country
    assert str(agreement.buyer.name) == ours.document.buyer.name
    assert str(agreement.buyer.address.line_one) == ours.document.buyer.address.line1
    assert sums.line_total._value == ours.stated.line_net
    assert sums.due_amount._value == ours.stated.due
    lines = list(theirs.trade.items.children)
    assert [str(one.product.name) for one in lines] == [
        one.item.name for one in ours.document.lines
    ]
    assert [one.settlement.monetary_summation.total_amount._value for one in lines] == list(
        ours.stated_nets
    )
    quantities = [one.delivery.billed_quantity for one in lines]
    assert [(one._amount, one._unit_code) for one in quantities] == [
        (one.quantity, one.unit) for one in ours.document.lines
    ]
