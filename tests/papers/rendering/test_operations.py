"""Printed papers read back: nothing is lost, nothing overlaps, nothing leaves the page."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import product

import pikepdf
import pytest
from PIL import Image

from guilder.foundation.edges.child import ChildDied, ChildTimedOut
from guilder.kernel.document import Item, Kind
from guilder.kernel.totals import calculate
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.press import RenderFailed, press
from guilder.papers.rendering.wording import wording_for
from tests.papers.rendering.papers import (
    IBAN,
    LOGO,
    LONG_WORD,
    arabic,
    everything,
    in_currency,
    invoice,
    line,
    worst,
)
from tests.papers.rendering.reading import (
    beyond_the_edge,
    codes_of,
    overlapping,
    squeezed,
    text_of,
    words_of,
)

LOOK = Look(
    logo=LOGO,
    header="Light for people\nsince 1998",
    intro="Thank you for your order.",
    closing="We are glad to be of service.",
    footer="Member of the chamber of commerce. " * 5,
)
PAPERS = {
    "ten lines": lambda: invoice(10),
    "forty lines": lambda: invoice(40),
    "everything": everything,
    "worst": worst,
    "yen": lambda: in_currency("JPY", "129800"),
    "dinar": lambda: in_currency("KWD", "1250.125"),
    "arabic": arabic,
    "arabic euro": lambda: arabic("EUR"),
    "draft": lambda: invoice(30, number="", language="fr"),
}


def styled(style, paper="a4", **more):
    return replace(LOOK, style=style, paper=paper, **more)


@pytest.mark.parametrize(
    ("style", "count"), [*product(rendering.STYLES, (1, 10, 40)), ("meridian", 400)]
)
def test_every_line_tax_and_payment_detail_is_read_back(style, count):
    document = invoice(count)

    text = squeezed(text_of(rendering.render_pdf(document, look=styled(style))))

    english = wording_for("en")
    for one in document.lines:
        parts = (
            one.item.name,
            one.item.description,
            english.number(one.quantity),
            english.unit(one.unit, one.quantity),
            english.price(one.price.amount, "EUR"),
            english.percent(one.tax.rate),
            english.figure(one.net),
        )
        assert squeezed("".join(parts)) in text
    for tax in document.taxes:
        row = english.percent(tax.rate) + english.money(tax.taxable) + english.money(tax.tax)
        assert squeezed(row) in text
    for said in (
        english.money(document.totals.due),
        "Due 21 December 2026",
        "DE89 3704 0044 0532 0130 00",
        document.notes[0].text,
        document.number,
        LOOK.intro,
        LOOK.closing,
        LOOK.footer,
    ):
        assert squeezed(said) in text


def test_amounts_stand_in_their_row():
    text = text_of(rendering.render_pdf(invoice(40), look=LOOK), layout=True)

    row = next(one for one in text.splitlines() if "Position 037 lamp" in one)

    # quantity 37 mod 7 + 1 = 3; 3 × 47.25 = 141.75
    assert row.split()[3:] == ["3", "pcs", "47.25", "19%", "141.75"]


@pytest.mark.parametrize("style", rendering.STYLES)
def test_arabic_is_read_back_as_it_was_written(style):
    document, words = arabic("EUR"), wording_for("ar", country="DE")

    text = squeezed(text_of(rendering.render_pdf(document, look=styled(style)), layout=True))

    for one in document.lines:
        assert squeezed(one.item.name) in text
        assert squeezed(one.item.description) in text
        assert words.figure(one.net) in text
    for said in (
        "فاتورة",
        "الإجمالي",
        "ملخص الضريبة",
        "تبقى البضاعة لنا حتى السداد الكامل",
        "شركة النور للتجارة",
        "الاستحقاق",
        "ديسمبر",
        words.money(document.totals.due),
        "DE89 3704 0044 0532 0130 00",
        "INV-2026-00184",
    ):
        assert squeezed(said) in text


@pytest.mark.parametrize(
    ("style", "paper", "name"), list(product(rendering.STYLES, ("a4", "letter"), PAPERS))
)
def test_no_words_overlap_or_leave_the_page(style, paper, name):
    pdf = rendering.render_pdf(PAPERS[name](), look=styled(style, paper))

    assert overlapping(pdf) == []
    assert beyond_the_edge(pdf) == ""


def test_words_that_do_overlap_would_be_found():
    source = b"#set page(width: 9cm, height: 9cm)\n#place(dx: 1cm)[Hello]#place(dx: 1.2cm)[World]"
    pdf = press(plain_job(source))[0]

    assert overlapping(pdf)


def test_a_word_that_leaves_the_page_would_be_found():
    source = b"#set page(width: 9cm, height: 9cm)\n#place(dx: -2.3cm)[Hello]"

    assert "H" in beyond_the_edge(press(plain_job(source))[0])


@pytest.mark.parametrize("style", rendering.STYLES)
def test_a_word_without_breaks_is_wrapped_and_copied_clean(style):
    pdf = rendering.render_pdf(worst(), look=styled(style))

    text = text_of(pdf)

    assert LONG_WORD in squeezed(text)
    assert "\u200b" not in text and "\u00ad" not in text
    assert "Member of the chamber of commerce." in text


@pytest.mark.parametrize("style", rendering.STYLES)
def test_the_code_pays_the_right_amount_to_the_right_account(style):
    document = invoice(3)

    (code,) = codes_of(rendering.render_pdf(document, look=styled(style)))

    lines = code.split("\n")
    assert lines[0] == "BCD"
    assert lines[3] == "SCT"
    assert lines[5:8] == ["Northlight Studio GmbH", IBAN, f"EUR{document.totals.due}"]
    assert lines[10] == "INV-2026-00184"


def test_pages_carry_the_amount_so_far():
    document = invoice(40)

    pages = words_of(rendering.render_pdf(document, look=LOOK))

    for page in pages[1:-1]:
        texts = [word["text"] for word in page]
        first = next(text for text in texts if re.fullmatch(r"0\d\d", text))
        past = sum(one.net.amount for one in document.lines[: int(first) - 1])
        carried = texts[texts.index("forward") + 1]
        assert carried == f"€{past:,}"
    assert len(pages) > 2


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_paper_is_the_one_that_was_chosen(paper, width):
    pdf = rendering.render_pdf(invoice(1), look=styled("meridian", paper))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert round(opened.pages[0].mediabox[2]) == width


def test_the_address_of_atlas_lies_in_the_window():
    pdf = rendering.render_pdf(invoice(1), look=styled("atlas"))

    address = [
        word
        for word in words_of(pdf)[0]
        if word["text"] in ("Hotel", "Maximilianstrasse", "München")
    ]

    millimetre = 72 / 25.4
    assert len(address) == 3
    for word in address:
        assert 20 * millimetre <= word["x0"] < word["x1"] <= 105 * millimetre
        assert 62 * millimetre <= word["top"] < word["bottom"] <= 90 * millimetre


def test_the_same_paper_gives_the_same_bytes():
    first, second = (rendering.render_pdf(invoice(10), look=LOOK) for _ in range(2))

    assert first == second
    with pikepdf.open(io.BytesIO(first)) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20261121")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_called_by_its_name(kind):
    text = text_of(rendering.render_pdf(invoice(1, kind=kind), look=LOOK))

    assert wording_for("en").say(kind.value) in text


def test_a_page_is_drawn():
    picture = rendering.render_png(invoice(40), look=LOOK, page=2, ppi=72)

    assert Image.open(io.BytesIO(picture)).size == (595, 842)
    with pytest.raises(rendering.NoSuchPage):
        rendering.render_png(invoice(1), look=LOOK, page=2)


def test_pages_are_counted():
    assert rendering.page_count(rendering.render_pdf(invoice(1))) == 1
    assert rendering.page_count(rendering.render_pdf(invoice(40))) > 1


def test_an_unfinished_document_is_completed_first():
    document = invoice(1)

    assert rendering.render_pdf(replace(document, totals=None)) == rendering.render_pdf(document)


def test_raster_logos_of_any_shape_are_printed():
    out = io.BytesIO()
    Image.new("RGB", (1200, 60), "#336699").save(out, "PNG")

    for style in rendering.STYLES:
        pdf = rendering.render_pdf(invoice(1), look=styled(style, logo=out.getvalue()))
        assert overlapping(pdf) == []


def test_each_organization_gets_its_own_logo():
    def png(color):
        out = io.BytesIO()
        Image.new("RGB", (40, 40), color).save(out, "PNG")
        return styled("meridian", logo=out.getvalue())

    def colours(look):
        page = Image.open(io.BytesIO(rendering.render_png(invoice(1), look=look, ppi=50)))
        return {color for _, color in page.convert("RGB").getcolors(1 << 24)}

    red, blue = (250, 0, 10), (0, 10, 250)
    for _ in range(2):
        assert {red, blue} & colours(png("#fa000a")) == {red}
        assert {red, blue} & colours(png("#000afa")) == {blue}


def test_a_logo_that_cannot_be_read_is_told():
    with pytest.raises(RenderFailed):
        rendering.render_pdf(invoice(1), look=styled("meridian", logo=b"\x89PNG\r\n\x1a\nnonsense"))


def test_a_font_that_is_missing_is_an_error():
    with pytest.raises(RenderFailed, match="unknown font family"):
        rendering.render_pdf(invoice(1), look=styled("meridian", font="Comic Sans"))


def test_an_unusable_look_is_refused_before_anything_is_drawn():
    with pytest.raises(rendering.LookUnusable):
        rendering.render_pdf(invoice(1), look=styled("gothic"))


def test_text_is_never_taken_for_a_program():
    tricky = '#panic("x") *bold* $x$ <label> @ref // gone \\ #import "@preview/x:0.1.0"'
    document = invoice(1)
    document = calculate(replace(document, lines=(line(1, item=Item(name=tricky)),)))

    assert squeezed(tricky) in squeezed(text_of(rendering.render_pdf(document, look=LOOK)))


def test_characters_that_no_font_has_do_not_stop_a_paper():
    document = invoice(1)
    document = calculate(replace(document, lines=(line(1, item=Item(name="上海 lamp 😀")),)))

    text = text_of(rendering.render_pdf(document, look=LOOK))

    assert "□□ lamp □" in text
    assert "cannot be printed here" in text


# Templates of one's own are programs: what they may not do.


def plain_job(source):
    return {
        "source": b'#set document(title: "x")\n#set text(font: "Inter", lang: "en")\n' + source,
        "data": "{}",
        "format": "pdf",
        "timestamp": 0,
        "logo": b"",
        "logo_type": "",
    }


@pytest.mark.parametrize(
    "bomb",
    [
        b"#for i in range(2000000) { pagebreak() }",
        b'#let a = "x" * 1000000\n#for i in range(200000) { a = a + a.slice(0, 1000000) }',
        b"#for i in range(100000) { for j in range(100000) { let x = i * j } }",
    ],
    ids=["pages", "memory", "time"],
)
def test_a_bomb_is_killed_and_the_next_paper_is_printed(bomb):
    with pytest.raises((ChildTimedOut, ChildDied, RenderFailed)):
        press(plain_job(bomb), timeout=3)

    assert rendering.render_pdf(invoice(1)).startswith(b"%PDF")


@pytest.mark.parametrize(
    "source",
    [
        b'#read("/etc/passwd")',
        b'#read("../../../../etc/passwd")',
        b'#import ("@pre" + "view/cetz:0.3.0"): *',
        b'#image("https://example.com/x.png")',
        b'#read("/proc/self/environ")',
        b"#while true { }",
        b"#let f(n) = f(n + 1)\n#f(0)",
    ],
)
def test_a_template_reaches_nothing_outside(source):
    with pytest.raises(RenderFailed):
        press(plain_job(source), timeout=10)


def test_dates_of_papers_without_one_are_fixed():
    undated = replace(invoice(1), issued_on=None, due_on=date(2026, 12, 21))

    assert rendering.render_pdf(undated) == rendering.render_pdf(undated)
