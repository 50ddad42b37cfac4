"""A paper as data, as canonical JSON and as hashes: stable, exact, and readable by others."""

import hashlib
import json
from base64 import b64decode
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel.canonical import (
    GENESIS,
    NotADocument,
    NotCanonical,
    canonical_bytes,
    canonical_json,
    chain_hash,
    content_hash,
    from_dict,
    hash_of_content,
    to_dict,
)
from guilder.kernel.canonical.writing import decimal_text, money_text
from guilder.kernel.document import Attachment, Document, Party
from guilder.kernel.money import Money
from guilder.kernel.totals import calculate
from tests.kernel.papers import eur, full_paper, line, paper, papers

ISSUED = date(2026, 2, 1)
GOLDEN = (
    '{"buyer":{"name":"Harbour Books"},"currency":"EUR","guilder":1,"issued_on":"2026-02-01",'
    '"kind":"invoice","lines":[{"id":"1","item":{"name":"Work"},"net":"160.00",'
    '"price":{"amount":"80"},"quantity":"2","tax":{"category":"S","rate":"19"},"unit":"HUR"}],'
    '"rounding":"group","seller":{"name":"Northlight Studio"},"taxes":[{"category":"S",'
    '"rate":"19","tax":"30.40","taxable":"160.00"}],"totals":{"allowances":"0.00",'
    '"charges":"0.00","due":"190.40","gross":"190.40","line_net":"160.00","net":"160.00",'
    '"prepaid":"0.00","rounding":"0.00","tax":"30.40"}}'
)

plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.text(max_size=20),
        st.text(alphabet='\x00\x08\t\n\x0c\r\x1f"\\/<\x7f\u2028\ufeff\U0001f9fe', max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=6), inner, max_size=4),
        st.dictionaries(st.sampled_from(["\ufb33", "\U0001f600", "a", "€", "\x00", ""]), inner),
    ),
    max_leaves=15,
)


@settings(max_examples=80, deadline=None)
@given(plain)
def test_canonical_json_is_that_of_rfc_8785(data: Any):
    assert canonical_json(data) == rfc8785.dumps(data)


@settings(max_examples=25, deadline=None)
@given(papers())
def test_a_paper_survives_the_way_to_bytes_and_back(document: Document):
    done = calculate(document)

    written = canonical_bytes(done)

    assert written == rfc8785.dumps(to_dict(done)) == canonical_json(to_dict(done))
    assert from_dict(json.loads(written)) == done
    assert hash_of_content(json.loads(written)) == content_hash(done)


def empty_fields(record: Any) -> list[str]:
    found = []
    for field in fields(record):
        value = getattr(record, field.name)
        if value in ("", None, ()) and not isinstance(value, bool):
            found.append(f"{type(record).__name__}.{field.name}")
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one) and not isinstance(one, Money):
                found += empty_fields(one)
    return found


def test_every_field_of_every_record_is_kept():
    done = calculate(full_paper())
    total = replace(
        done,
        totals=replace(done.totals, tax_in_tax_currency=Money(1, "SEK")),
        taxes=(replace(done.taxes[0], exemption_reason="r", exemption_code="c"),),
    )

    assert from_dict(json.loads(canonical_bytes(total))) == total
    # What is empty here could be lost unseen; each is empty somewhere else on the same paper.
    assert set(empty_fields(total)) <= {
        *("Identifier.scheme", "Identifier.version", "Note.subject", "Period.end_on"),
        *("Allowance.amount", "Allowance.base", "Allowance.percent", "Allowance.reason"),
        *("Allowance.reason_code", "Allowance.tax", "PrecedingInvoice.issued_on"),
        *(f"Line.{name}" for name in ("note", "object", "order_line", "period")),
        *(f"Line.{name}" for name in ("buyer_accounting_reference", "allowances", "charges")),
        *(f"Item.{name}" for name in ("description", "seller_id", "buyer_id", "standard_id")),
        *(f"Item.{name}" for name in ("classifications", "origin_country", "attributes")),
        *(f"Price.{name}" for name in ("discount", "gross", "base_quantity", "base_unit")),
        *(f"Tax.{name}" for name in ("exemption_code", "exemption_reason", "code")),
    }


def test_the_shape_is_kept_for_ever():
    document = replace(calculate(paper(line("2", "80"))), issued_on=ISSUED)

    assert canonical_bytes(document).decode() == GOLDEN
    assert content_hash(document) == hashlib.sha256(GOLDEN.encode()).digest()


def test_empty_fields_are_left_out_and_required_ones_are_not():
    data = to_dict(replace(paper(), seller=Party()))

    assert data == {
        "buyer": {"name": "Harbour Books"},
        "currency": "EUR",
        "guilder": 1,
        "kind": "invoice",
        "rounding": "group",
        "seller": {},
    }
    assert from_dict(data).seller == Party()


def test_decimals_and_amounts_have_one_way_to_be_written():
    spelled = ["1.50", "1E+2", "-0.00", "1E-7", "100", "0.10"]
    assert [decimal_text(Decimal(one)) for one in spelled] == [
        *("1.5", "100", "0", "0.0000001", "100", "0.1")
    ]
    amounts = [Money(-5, "EUR"), Money(0, "EUR"), Money(-7, "JPY"), Money(12345, "KWD")]
    assert [money_text(one) for one in amounts] == ["-0.05", "0.00", "-7", "12.345"]


def test_equal_papers_have_equal_hashes_whatever_the_spelling():
    assert content_hash(paper(line("2.0", "80.00"))) == content_hash(paper(line("2", "8E+1")))


def test_the_number_is_outside_the_content_hash_and_all_else_inside():
    document = calculate(full_paper())

    assert content_hash(document) == content_hash(replace(document, number="INV-99"))
    for changed in (
        replace(document, issued_on=date(2026, 2, 3)),
        replace(document, prepaid=eur("0.01")),
        replace(document, attachments=(Attachment(content=b"\x00\xfe"),)),
        replace(document, custom_fields=()),
    ):
        assert content_hash(changed) != content_hash(document)


def test_a_link_is_the_hash_of_exactly_these_bytes():
    content = bytes(range(32))

    link = chain_hash(
        GENESIS, series="IN-Ü", number="IN-2026-1", issued_on=ISSUED, content_hash=content
    )

    assert bytes(32) == GENESIS
    assert (
        link
        == hashlib.sha256(
            b"guilder-chain-1\n"
            + bytes(32)
            + b"\x00\x00\x00\x05IN-\xc3\x9c"  # 5 bytes: Ü takes two
            + b"\x00\x00\x00\x09IN-2026-1"
            + b"2026-02-01"
            + content
        ).digest()
    )


def test_each_part_of_a_link_counts():
    first = {"series": "A", "number": "1", "issued_on": ISSUED, "content_hash": bytes(32)}
    changes: list[dict[str, Any]] = [
        {"series": "B"},
        {"number": "2"},
        {"series": "A1", "number": ""},
        {"issued_on": date(2026, 2, 2)},
        {"content_hash": bytes([1] * 32)},
    ]
    links = {chain_hash(GENESIS, **{**first, **change}) for change in [{}, *changes]}
    links.add(chain_hash(bytes([1] * 32), **first))

    assert len(links) == 7


def test_hashes_of_another_length_are_refused():
    for previous, content in ((b"", bytes(32)), (bytes(32), b"x")):
        with pytest.raises(ValueError, match="32 bytes"):
            chain_hash(previous, series="", number="", issued_on=ISSUED, content_hash=content)


@pytest.mark.parametrize(
    "data",
    [
        1.5,
        [1.0],
        {"a": Decimal(1)},
        {1: "a"},
        2**53,
        -(2**53),
        b"",
        ISSUED,
        "\ud800",
        {"\udfff": 1},
    ],
)
def test_what_canonical_json_does_not_hold_is_refused(data: Any):
    with pytest.raises(NotCanonical):
        canonical_json(data)


def test_half_a_character_on_a_paper_is_refused():
    with pytest.raises(NotCanonical):
        content_hash(replace(paper(), buyer_reference="\ud800"))


def changed(path: str, value: Any) -> dict[str, Any]:
    """A full paper as data, with the value at `path` put in, or taken out for Ellipsis."""
    data = json.loads(canonical_bytes(calculate(full_paper())))
    *way, last = path.strip("/").split("/")
    place = data
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("/guilder", 2, "version"),
        ("/guilder", True, "version"),
        ("/guilder", ..., "version"),
        ("/currency", "XXX", "currency"),
        ("/kind", "receipt", "choice"),
        ("/kind", ..., "missing"),
        ("/seller", "N", "type"),
        ("/seller", ..., "missing"),
        ("/lines", {}, "type"),
        ("/lines/0", [], "type"),
        ("/lines/0/id", 1, "type"),
        ("/lines/0/quantity", "1e3", "decimal"),
        ("/lines/0/quantity", "NaN", "decimal"),
        ("/lines/0/quantity", 1.5, "type"),
        ("/lines/0/net", "1.005", "amount"),
        ("/lines/0/net", {"amount": "1"}, "amount"),
        ("/lines/0/net", {"amount": "1", "currency": "XXX"}, "currency"),
        ("/lines/0/net", "99999999999999999.99", "amount"),
        ("/lines/0/price/tax_inclusive", "yes", "type"),
        ("/lines/0/item/name", "a\x00b", "text"),
        ("/lines/0/item/name", "a\ud800b", "text"),
        ("/lines/0/item/attributes/0", ["a", "b"], "type"),
        ("/lines/0/item/attributes/0", {"name": 1, "value": "b"}, "type"),
        ("/issued_on", "2026-02-30", "date"),
        ("/issued_on", "20260201", "date"),
        ("/issued_on", 20260201, "type"),
        ("/early_discounts/0/days", "10", "type"),
        ("/early_discounts/0/days", True, "type"),
        ("/attachments/0/content", "*", "base64"),
        ("/seller/colour", "red", "unknown_field"),
        ("/se~l~er", "x", "unknown_field"),
    ],
)
def test_what_is_no_paper_is_pointed_at(path: str, value: Any, code: str):
    with pytest.raises(NotADocument) as refusal:
        from_dict(changed(path, value))
    found = [(problem.pointer, problem.code) for problem in refusal.value.problems]
    assert found == [(path.replace("~", "~0"), f"document.{code}")]


def test_all_faults_are_told_at_once_but_not_without_end():
    data = changed("/lines/0/quantity", "x")
    data["due_on"] = "soon"
    with pytest.raises(NotADocument) as refusal:
        from_dict(data)
    assert {problem.pointer for problem in refusal.value.problems} == {
        "/due_on",
        "/lines/0/quantity",
    }
    with pytest.raises(NotADocument) as refusal:
        from_dict(changed("/notes", [1] * 1000))
    assert len(refusal.value.problems) == 100


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_not_even_an_object_is_refused(data: Any):
    with pytest.raises(NotADocument, match="Give an object"):
        from_dict(data)


def test_a_currency_that_is_no_text_is_refused_with_all_amounts_unread():
    with pytest.raises(NotADocument) as refusal:
        from_dict(changed("/currency", ["EUR"]))
    assert {problem.pointer for problem in refusal.value.problems} == {"/currency"}


def test_null_means_empty():
    assert from_dict(changed("/due_on", None)).due_on is None


def test_bytes_are_base64():
    assert b64decode(to_dict(full_paper())["attachments"][0]["content"]) == b"\x00\xff"
