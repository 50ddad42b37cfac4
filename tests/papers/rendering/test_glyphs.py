"""What the bundled fonts print, and what becomes of the rest."""

import pytest

from guilder.papers.rendering import glyphs

KNOWN = glyphs.characters((str(glyphs.FONTS),))


@pytest.mark.parametrize(
    "text",
    [
        "Straße Øresund naïve Łódź žlutý",
        "Ελληνικά, Кириллица",
        "فاتورة رقم ١٢",
        "€ £ ¥ ₹ ₿ − – — “ ” ’ … · × ° ² ³ ½ № ™",
    ],
)
def test_the_bundled_fonts_print_europe_and_arabia(text):
    assert glyphs.printable(text) == text
    assert glyphs.missing(text) == ""


def test_what_no_font_has_becomes_a_square_and_is_named():
    assert glyphs.printable("上海 Ltd 😀") == "□□ Ltd □"
    assert glyphs.missing("上海 Ltd 😀 上") == "上海😀"
    assert "□" in KNOWN


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("a\tb", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("nul\x00bell\x07", "nulbell"),
        ("e\u0301", "é"),  # composed
        ("abc\u202edef", "abcdef"),  # no turning of the text
        ("\ue000", "□"),  # PDF/A-3a forbids private use
        ("\ud800", "□"),  # half a surrogate
        ("x\u200dy", "x\u200dy"),
        ("", ""),
    ],
)
def test_controls_are_cleaned_away(given, printed):
    assert glyphs.printable(given) == printed


def test_cleaning_reaches_every_string():
    value = {"a": ["x\x00", {"b": ("上",)}], "n": 3, "none": None}

    assert glyphs.cleaned(value) == {"a": ["x", {"b": ["□"]}], "n": 3, "none": None}


def test_fonts_of_the_installation_are_counted(tmp_path, monkeypatch):
    (tmp_path / "more.ttf").write_bytes((glyphs.FONTS / "InterVariable.ttf").read_bytes())
    monkeypatch.setenv(glyphs.EXTRA_FONTS_NAME, str(tmp_path))

    assert glyphs.font_folders() == [str(glyphs.FONTS), str(tmp_path)]
    assert glyphs.characters((str(tmp_path),)) < KNOWN
