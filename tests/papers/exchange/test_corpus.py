"""Files of other programs: what their lines give is what they state, but for the named ones."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from guilder.kernel.money import half_up
from guilder.papers.exchange.check import Check, check
from guilder.papers.exchange.formats.record import TOTALS
from tests.papers.exchange import corpus
from tests.papers.exchange.corpus import Raw, RawLine, cents, number
from tests.papers.exchange.exceptions import EXCEPTIONS, LIBERTIES, NO_LINES

pytestmark = pytest.mark.uncounted

corpus.needed()
FILES = corpus.valid_files()
EQUAL = [path for path in FILES if path not in EXCEPTIONS]
SOUND = [path for path in EQUAL if path not in LIBERTIES]
WITH_LINES = [path for path in FILES if "minimum" not in path]


def checked(path: str) -> Check:
    return check(corpus.data_of(path), path)


def differing(result: Check) -> dict[str, tuple[str | None, str | None]]:
    pairs = {name: (result.stated[name], result.totals[name]) for name in TOTALS}
    return {name: pair for name, pair in pairs.items() if pair[0] not in (None, pair[1])}


def test_the_corpus_is_whole():
    assert len(FILES) == 315
    assert set(EXCEPTIONS) | set(LIBERTIES) <= set(FILES)
    assert len(EQUAL) >= 300
    differing = [path for path, (cause, _) in EXCEPTIONS.items() if cause != NO_LINES]
    assert len(differing) <= 0.02 * len(FILES)


@pytest.mark.parametrize("path", EQUAL)
def test_lines_give_what_the_file_states(path: str):
    result = checked(path)

    assert result.problems == ()
    assert result.ok
    assert differing(result) == {}
    assert result.stated["due"] is not None


@pytest.mark.parametrize("path", sorted(EXCEPTIONS))
def test_an_exception_differs_in_exactly_this(path: str):
    result = checked(path)

    assert not result.ok
    assert differing(result) == EXCEPTIONS[path][1]


@pytest.mark.parametrize("path", FILES)
def test_liberties_are_taken_with_the_named_files_and_told(path: str):
    codes = {one.code for one in checked(path).remarks if one.code.startswith("leeway.")}

    assert codes == {f"leeway.{name}" for name in LIBERTIES.get(path, ("", set()))[1]}


@pytest.mark.parametrize("path", sorted({**EXCEPTIONS, **LIBERTIES}))
def test_what_is_not_read_strictly_contradicts_itself_without_our_readers(path: str):
    raw, cause = Raw(corpus.data_of(path)), {**EXCEPTIONS, **LIBERTIES}[path][0].partition(":")[0]

    assert CONTRADICTIONS[cause](raw)


def test_the_proof_of_a_contradiction_finds_none_in_sound_files():
    raws = {path: Raw(corpus.data_of(path)) for path in SOUND}

    found = [
        (path, cause)
        for path, raw in raws.items()
        for cause, breaks in CONTRADICTIONS.items()
        if breaks(raw)
    ]

    assert found == []


def test_every_file_of_the_corpus_gets_an_answer():
    # Fragments, invalid files, other formats, PDFs: never an exception, and never ok without lines.
    for row in corpus.rows():
        result = check(corpus.data_of(row["path"]), row["path"])

        assert result.ok == (not result.problems)
        assert result.kind or not result.ok


def test_hybrid_pdfs_give_what_their_xml_gives():
    pairs = [row for row in corpus.rows() if row["kind"] == "pdf-facturx"]
    read = [check(corpus.data_of(row["path"])) for row in pairs]

    assert sum(result.kind == "pdf-cii" for result in read) >= 50
    assert sum(result.ok for result in read) >= 29


# Changing one figure ------------------------------------------------------------------------------


def changed(path: str) -> Iterator[tuple[str, Raw, Check]]:
    """For each kind of figure that the file has: its name, the file with it changed, the verdict."""
    raw = Raw(corpus.data_of(path))
    for name, element, by in figures(raw):
        text = element.text
        element.text = f"{Decimal((text or '0').strip()) + by:f}"
        yield name, raw, check(raw.bytes(), path)
        element.text = text


def figures(raw: Raw) -> Iterator[tuple[str, object, Decimal]]:
    """One quantity, one price, one allowance or charge of a line and of the document, one rate."""
    worth = [line for line in raw.lines if number(line.price) and number(line.quantity)]
    if worth:
        line = worth[0]
        yield "quantity", line.quantity, enough(line.price, line)
        yield "price", line.price, enough(line.quantity, line)
    yield from (("line level", a, Decimal(1)) for line in raw.lines for _, a in line.levels[:1])
    yield from (("level", amount, Decimal(1)) for amount in raw.document_levels()[:1])
    rows = {(category, rate) for category, rate, _, _ in raw.tax_rows()}
    rated = [
        line
        for line in raw.lines
        if line.rate is not None
        and abs(line.exact) >= 1
        # What the breakdown has no row for bears no tax, at whatever rate.
        and (not rows or (line.category, number(line.rate)) in rows)
    ]
    if rated:
        yield "rate", rated[0].rate, Decimal(1)


def enough(factor: object, line: RawLine) -> Decimal:
    """A change that moves the line's net by one whole unit at least, times `factor`."""
    exact = line.base / abs(number(factor))
    return Decimal(half_up(Decimal(exact.numerator) / exact.denominator) + 1)


@pytest.mark.parametrize("path", WITH_LINES)
def test_changing_a_figure_moves_the_totals_and_is_noticed(path: str):
    before = check(Raw(corpus.data_of(path)).bytes()).totals
    seen = set()

    for name, _, result in changed(path):
        seen.add(name)
        assert result.totals != before, name
        assert not result.ok, name

    assert {"quantity", "price"} <= seen


def test_allowances_and_rates_are_among_the_figures_that_are_changed():
    seen = [name for path in WITH_LINES for name, _, _ in figures(Raw(corpus.data_of(path)))]

    assert seen.count("line level") >= 40
    assert seen.count("level") >= 100
    assert seen.count("rate") >= 280


@pytest.mark.parametrize("path", WITH_LINES)
def test_changing_what_is_stated_leaves_the_computed_totals_alone(path: str):
    raw = Raw(corpus.data_of(path))
    before = check(raw.bytes())
    stated = {k: v for k, v in raw.totals().items() if k not in {"prepaid", "rounding"}}
    elements = list(stated.values())
    if path in SOUND:  # elsewhere a line's net and a tax row say how the line was meant
        elements += [raw.lines[0].net, *(e for row in raw.tax_rows() for e in row[2:])]

    for element in elements:
        text = element.text
        element.text = f"{Decimal((text or '0').strip()) + Decimal('7'):f}"
        result = check(raw.bytes(), path)
        element.text = text

        assert result.totals == before.totals
        assert not result.ok

    assert {"line_net", "net", "gross", "due"} <= set(stated)


@pytest.mark.parametrize("name", ["prepaid", "rounding"])
def test_what_is_prepaid_or_rounded_moves_only_what_is_due(name: str):
    tried = 0
    for path in WITH_LINES:
        raw = Raw(corpus.data_of(path))
        element = raw.totals().get(name)
        if element is None:
            continue
        before = check(raw.bytes()).totals
        element.text = f"{Decimal((element.text or '0').strip()) + 1:f}"
        after = check(raw.bytes(), path)
        moved = {key for key in TOTALS if before[key] != after.totals[key]}
        tried += 1

        assert moved == {name, "due"}
        assert not after.ok

    assert tried >= 60


# How a file can contradict itself, told from the raw XML --------------------------------------------


def a_line_is_wrong(raw: Raw) -> bool:
    return any(cents(line.exact) != cents(number(line.net)) for line in raw.lines)


def a_tax_row_is_wrong(raw: Raw) -> bool:
    rows = [(number(taxable) * rate / 100, number(tax)) for _, rate, taxable, tax in raw.tax_rows()]
    return any(
        cents(ours) != tax and cents(ours) != cents(tax) for ours, tax in rows if not yen(raw)
    )


def a_row_is_left_out(raw: Raw) -> bool:
    if not raw.tax_rows():
        return False
    covered = sum((number(taxable) for _, _, taxable, _ in raw.tax_rows()), Fraction(0))
    return cents(covered) != cents(number(raw.totals().get("net")))


def gross_is_wrong(raw: Raw) -> bool:
    totals = raw.totals()
    tax = sum((number(t) for *_, t in raw.tax_rows()), Fraction(0))
    return bool(raw.lines) and cents(number(totals["net"]) + tax) != cents(number(totals["gross"]))


def nothing_is_listed(raw: Raw) -> bool:
    return not raw.lines


def yen(raw: Raw) -> bool:
    return any(
        element.text == "JPY"
        for element in raw.root
        if corpus.local(element) == "DocumentCurrencyCode"
    )


CONTRADICTIONS = {
    "line": a_line_is_wrong,
    "tax": a_tax_row_is_wrong,
    "row": a_row_is_left_out,
    "gross": gross_is_wrong,
    "lines": nothing_is_listed,
}
