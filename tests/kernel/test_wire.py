"""Raw values as people and programs send them: all faults at once, each with its pointer."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guilder.kernel.errors import Invalid
from guilder.kernel.wire import Wire

ID = UUID("0190b6a0-0000-7000-8000-000000000001")
Read = Callable[[Wire], Any]


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        (" Grüße ", lambda w: w.text("a"), "Grüße"),
        ("e\u0301", lambda w: w.text("a"), "é"),
        ("a\nb", lambda w: w.text("a", lines=True), "a\nb"),
        (None, lambda w: w.text("a", default="x"), "x"),
        ("b", lambda w: w.choice("a", ["b", "c"]), "b"),
        (None, lambda w: w.choice("a", ["b"], default="b"), "b"),
        ("12.50", lambda w: w.decimal("a"), Decimal("12.50")),
        (7, lambda w: w.decimal("a"), Decimal(7)),
        ("", lambda w: w.decimal("a"), None),
        ("3", lambda w: w.whole("a"), 3),
        (None, lambda w: w.whole("a", default=4), 4),
        ("2026-02-28", lambda w: w.day("a"), date(2026, 2, 28)),
        (date(2026, 2, 28), lambda w: w.day("a"), date(2026, 2, 28)),
        ("", lambda w: w.day("a"), None),
        (True, lambda w: w.flag("a"), True),
        (None, lambda w: w.flag("a", default=True), True),
        (str(ID), lambda w: w.identity("a"), ID),
        (ID, lambda w: w.identity("a"), ID),
        ("", lambda w: w.identity("a"), None),
        ("EUR", lambda w: w.currency("a"), "EUR"),
        ("", lambda w: w.currency("a", default="SEK"), "SEK"),
        ("DE", lambda w: w.country("a"), "DE"),
        (None, lambda w: w.country("a", default="NL"), "NL"),
        (None, lambda w: w.part("a"), None),
        (None, lambda w: w.parts("a"), []),
        ({"k": "v"}, lambda w: w.free_form("a"), {"k": "v"}),
        (None, lambda w: w.free_form("a"), {}),
        ({"k" * 61: "v"}, lambda w: w.free_form("a"), {}),
    ],
)
def test_right_values_are_read(value: Any, read: Read, expected: Any):
    wire = Wire({"a": value})

    assert read(wire) == expected

    wire.done()


@pytest.mark.parametrize(
    ("value", "read", "code"),
    [
        (None, lambda w: w.text("a", required=True), "required"),
        ("  ", lambda w: w.text("a", required=True), "required"),
        (1, lambda w: w.text("a"), "not_text"),
        ("x" * 4, lambda w: w.text("a", most=3), "too_long"),
        ("a\x00", lambda w: w.text("a"), "control_character"),
        ("a\nb", lambda w: w.text("a"), "control_character"),
        ("\u202eabc", lambda w: w.text("a", lines=True), "control_character"),
        ("\u2066abc", lambda w: w.text("a"), "control_character"),
        (None, lambda w: w.choice("a", ["b"], required=True), "not_a_choice"),
        ("c", lambda w: w.choice("a", ["b"]), "not_a_choice"),
        ("", lambda w: w.decimal("a", required=True), "required"),
        (True, lambda w: w.decimal("a"), "not_a_number"),
        (1.5, lambda w: w.decimal("a"), "not_a_number"),
        ("1e9", lambda w: w.decimal("a"), "not_a_number"),
        ("1.23", lambda w: w.decimal("a", places=1), "not_a_number"),
        ("-1", lambda w: w.decimal("a", least=Decimal(0)), "too_small"),
        ("9", lambda w: w.decimal("a", most=Decimal(8)), "too_large"),
        ("1.5", lambda w: w.whole("a"), "not_a_number"),
        ("", lambda w: w.day("a", required=True), "required"),
        ("2026-02-30", lambda w: w.day("a"), "not_a_date"),
        (20260228, lambda w: w.day("a"), "not_a_date"),
        ("yes", lambda w: w.flag("a"), "not_a_flag"),
        ("", lambda w: w.identity("a", required=True), "required"),
        ("x" * 36, lambda w: w.identity("a"), "not_an_id"),
        (7, lambda w: w.identity("a"), "not_an_id"),
        ("", lambda w: w.currency("a", required=True), "required"),
        ("XXX", lambda w: w.currency("a"), "unknown_currency"),
        ("", lambda w: w.country("a", required=True), "required"),
        ("ZZ", lambda w: w.country("a"), "unknown_country"),
        (None, lambda w: w.part("a", required=True), "required"),
        ("x", lambda w: w.part("a"), "not_an_object"),
        (None, lambda w: w.parts("a", required=True), "required"),
        ([], lambda w: w.parts("a", required=True), "required"),
        ({}, lambda w: w.parts("a"), "not_a_list"),
        ([{}, {}], lambda w: w.parts("a", most=1), "too_many"),
        ({"k": "v", "l": "w"}, lambda w: w.free_form("a", most=1), "too_many"),
    ],
)
def test_wrong_values_are_pointed_at(value: Any, read: Read, code: str):
    wire = Wire({"a": value})

    read(wire)

    with pytest.raises(Invalid) as refusal:
        wire.done()
    assert [(one.pointer, one.code) for one in refusal.value.problems] == [("/a", code)]


def test_nested_faults_come_together_with_their_whole_pointers():
    wire = Wire({"lines": [{"net": "x"}, 7], "a/b": {"c~d": 1}, "more": 1})

    wire.parts("lines")[0].decimal("net")
    nested = wire.part("a/b")
    assert nested is not None
    nested.text("c~d")
    wire.known(("lines", "a/b"))
    wire.fault("", "odd", "Look again.")

    assert [one.pointer for one in wire.problems] == [
        *("/lines/1", "/lines/0/net", "/a~1b/c~0d", "/more", "")
    ]


def test_null_counts_as_sent():
    assert Wire({"a": None}).has("a")
    assert not Wire({}).has("a")


@pytest.mark.parametrize(
    "good",
    ["a@b.example", "first.last+tag@sub.example.co.uk", "jörg@müller.example", "o'x@b.example"],
)
def test_a_mail_address_is_taken(good: str) -> None:
    wire = Wire({"email": good})

    assert wire.email("email") == good
    wire.done()


@pytest.mark.parametrize(
    "bad",
    [
        "nobody",
        "@b.example",
        "a@b",
        "a@.b.example",
        "a@-b.example",
        "a@b.example.",
        "a@b..example",
        "a b@c.example",
        "a@b@c.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "a@b.exam/ple",
        "x" * 65 + "@b.example",
        "x@" + "y" * 260 + ".example",
    ],
)
def test_what_is_no_mail_address_is_a_fault(bad: str) -> None:
    wire = Wire({"email": bad})

    assert wire.email("email") == ""
    assert [problem.pointer for problem in wire.problems] == ["/email"]


def test_a_missing_mail_address_is_a_fault_where_it_is_required() -> None:
    wire = Wire({})

    assert wire.email("other") == ""
    assert wire.problems == []
    assert wire.email("email", required=True) == ""
    assert [problem.code for problem in wire.problems] == ["required"]
