"""Italy and Poland: what is written follows their schemas, and their files are read; ZUGFeRD 1.0 too."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from guilder.kernel.document import (
    Allowance,
    Document,
    Identifier,
    Instalment,
    Kind,
    Party,
    Price,
    Tax,
    Withholding,
)
from guilder.papers.exchange.check import check
from guilder.papers.exchange.formats.fatturapa.writing import NotItalian
from guilder.papers.exchange.formats.ksef.writing import NotPolish
from guilder.papers.exchange.formats.prepared import prepared
from guilder.papers.exchange.formats.record import Unreadable
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.roundtrip import written
from guilder.papers.exchange.rules.engine import judge
from guilder.papers.exchange.rules.packs import all_packs, in_force
from tests.papers.exchange import corpus, full
from tests.papers.exchange.strategies import documents
from tests.papers.exchange.test_writing import paper
from tests.stories.running import is_full_size

SCENARIOS = {"fatturapa": "fatturapa", "ksef": "ksef-fa3"}
PACKS = in_force(all_packs(), on=date(2026, 11, 21))
EXAMPLES = 500 if is_full_size() else 12
NIP = "PL5213003700"
STANDARD = {"fatturapa": Decimal(22), "ksef": Decimal(23)}
relaxed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def faults(name: str, data: bytes) -> list[str]:
    verdict = judge(data, PACKS)
    assert (verdict.scenario, verdict.missing) == (SCENARIOS[name], ())
    return [f"{one.where}: {one.text}" for one in verdict.fired]


def local(document: Document, name: str) -> Document:
    """`document` of a seller there, in the rates and the currency of the place."""
    seller = replace(document.seller, vat_id=NIP if name == "ksef" else "IT01234567890")
    rate = STANDARD[name]

    def taxed(tax: Tax | None) -> Tax | None:
        known = tax is not None and tax.category in ("S", "L", "M")
        return replace(tax, category="S", rate=rate) if known else tax

    return replace(
        document,
        currency=document.currency,
        seller=seller,
        lines=tuple(replace(line, tax=taxed(line.tax)) for line in document.lines),
        allowances=tuple(replace(level, tax=taxed(level.tax)) for level in document.allowances),
        charges=tuple(replace(level, tax=taxed(level.tax)) for level in document.charges),
    )


@pytest.mark.parametrize("name", ["fatturapa", "ksef"])
def test_what_is_drawn_follows_the_schema_and_keeps_its_sums(name: str):
    found: Counter[str] = Counter()
    refused: Counter[str] = Counter()

    @seed(1)
    @relaxed
    @given(documents())
    def each(drawn: Document):
        document = local(drawn, name)
        try:
            data = write(document, name)
        except (NotItalian, NotPolish) as error:
            refused.update(problem.pointer for problem in error.problems)
            return
        found.update(faults(name, data))
        totals = prepared(document).totals
        back = read(data)
        assert back.stated.gross == totals.gross.amount
        assert back.problems == ()
        assert not [p for p in check(data).problems if "net" not in p.pointer], check(data).problems

    each()

    assert found == Counter()
    # A correction names what it corrects; a paper outside VAT has no VAT ids.
    assert set(refused) <= {"/preceding", "/buyer/vat_id"}
    assert sum(refused.values()) < EXAMPLES // 2


def test_withholdings_instalments_and_codes_go_to_italy_and_back():
    # 10 × 10.00 + 22 % = 122.00, less 20 % of 100.00 = 102.00
    buyer = Party(
        name="Comune",
        identifiers=(Identifier("09876543210", "0210"),),
        endpoint=Identifier("AAAAAA", "0201"),
        address=replace(
            full.DOCUMENT.buyer.address, country="IT", region="RM", postal_code="00145"
        ),
    )
    document = local(
        paper(
            buyer=buyer,
            withholdings=(Withholding(percent=Decimal(20), code="RT01", reason="A"),),
            instalments=(
                Instalment(due_on=full.date(2026, 4, 1), amount=full.eur("52.00")),
                Instalment(due_on=full.date(2026, 5, 1), amount=full.eur("50.00")),
            ),
            due_on=full.date(2026, 5, 1),
            project_reference="J64E",
            tender_reference="Z3F",
        ),
        "fatturapa",
    )

    data = write(document, "fatturapa")
    back = read(data).document

    assert b'versione="FPA12"' in data
    assert back.withholdings == (
        Withholding(percent=Decimal(20), code="RT01", reason="A", amount=full.eur("20.00")),
    )
    assert back.instalments == document.instalments
    assert back.buyer.endpoint == buyer.endpoint
    assert (back.project_reference, back.tender_reference) == ("J64E", "Z3F")


def test_a_discount_of_a_line_becomes_a_line_of_its_own():
    # 10 × 10.00 − 5.00 = 95.00, 22 % = 20.90
    line = replace(
        paper().lines[0], allowances=(Allowance(amount=full.eur("5.00"), reason="Friend"),)
    )
    made = written(local(paper(lines=(line,)), "fatturapa"), "fatturapa")

    back = read(made.data)
    assert back.document.allowances[0].amount == full.eur("5.00")
    assert back.stated.gross == Decimal("115.90")
    assert "/lines/0/allowances/0/amount" in {one.place for one in made.losses}


def test_returned_goods_have_a_negative_price_in_italy():
    line = replace(paper().lines[0], quantity=Decimal(-2))
    other = replace(paper().lines[0], id="2")

    back = read(write(local(paper(lines=(line, other)), "fatturapa"), "fatturapa")).document

    assert [one.quantity for one in back.lines] == [Decimal(-2), Decimal(10)]
    assert back.lines[0].price.amount == Decimal(10)


@pytest.mark.parametrize(
    ("name", "changes", "pointers"),
    [
        ("fatturapa", {"seller": Party(name="A")}, {"/seller/vat_id"}),
        ("fatturapa", {"buyer": Party(name="B")}, {"/buyer/vat_id"}),
        ("ksef", {"seller": Party(name="A", vat_id="DE123456789")}, {"/seller/vat_id"}),
        ("ksef", {"number": ""}, {"/number"}),
        (
            "ksef",
            {"kind": Kind.CREDIT_NOTE, "preceding": full.DOCUMENT.preceding[1:]},
            {"/preceding"},
        ),
    ],
)
def test_what_an_authority_would_refuse_is_asked_for(name, changes, pointers):
    with pytest.raises((NotItalian, NotPolish)) as caught:
        write(replace(local(paper(), name), **changes), name)

    assert {problem.pointer for problem in caught.value.problems} == pointers


def test_a_rate_that_poland_has_not_is_refused():
    line = replace(paper().lines[0], tax=Tax(category="S", rate=Decimal(19)))

    with pytest.raises(NotPolish, match="no rate"):
        write(replace(local(paper(), "ksef"), lines=(line,)), "ksef")


def test_a_correction_is_negative_in_poland_and_positive_here():
    document = local(
        paper(kind=Kind.CREDIT_NOTE, type_code="381", preceding=full.DOCUMENT.preceding[:1]), "ksef"
    )

    data = write(document, "ksef")

    assert b"<P_15>-123</P_15>" in data  # 10 × 10.00 + 23 %
    assert read(data).document.kind is Kind.CREDIT_NOTE
    assert read(data).stated.gross == Decimal(123)
    assert read(data).document.lines[0].quantity == Decimal(10)


def test_several_invoices_in_one_file_are_refused():
    data = write(local(paper(), "fatturapa"), "fatturapa")
    start, end = data.index(b"<FatturaElettronicaBody>"), data.index(b"</p:FatturaElettronica>")

    with pytest.raises(Unreadable, match="2 invoices"):
        read(data[:end] + data[start:end] + data[end:])


def test_a_discount_in_percent_lowers_the_price():
    data = write(local(paper(), "fatturapa"), "fatturapa").replace(
        b"</PrezzoUnitario>",
        b"</PrezzoUnitario><ScontoMaggiorazione><Tipo>SC</Tipo><Percentuale>10.00</Percentuale>"
        b"</ScontoMaggiorazione>",
        1,
    )

    price = read(data).document.lines[0].price

    assert price == Price(amount=Decimal(9), gross=Decimal(10), discount=Decimal(1))


# Files of others

GOOD = {"fatturapa/": 8, "ksef/": 2, "zugferd-pdf/ZUGFeRDv1": 6}


@pytest.mark.parametrize("place", GOOD)
def test_files_of_others_add_up(place: str):
    corpus.needed()
    rows = [row for row in corpus.rows() if row["path"].startswith(place)]

    verdicts = [check(corpus.data_of(row["path"]), row["path"]) for row in rows]

    read_well = [one for one in verdicts if one.ok]
    assert len(read_well) == GOOD[place], [(one.file, one.problems[:1]) for one in verdicts]
    # What is not kept is said, and nothing is said to be of an unknown format.
    assert all(one.kind or one.problems for one in verdicts)


def test_text_between_the_lines_of_zugferd_1_becomes_a_note():
    corpus.needed()
    name = "zugferd-pdf/ZUGFeRDv1-correct-Intarsys-ZUGFeRD_1p0_COMFORT_Rabatte.pdf"

    document = read(corpus.data_of(name)).document

    assert any("aus der Lieferung Nr. 2013-51112" in note.text for note in document.notes)
    assert all(line.price.amount for line in document.lines)
