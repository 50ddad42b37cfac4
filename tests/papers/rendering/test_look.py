"""Looks that print and looks that do not; colours that stay readable."""

import pytest

from guilder.papers.rendering.look import (
    Look,
    LookUnusable,
    check_look,
    contrast,
    logo_type,
    on_color,
    readable,
)
from tests.papers.rendering.papers import LOGO


def test_the_standard_look_is_usable():
    check_look(Look())
    check_look(Look(logo=LOGO, paper="letter", style="atlas"))


def test_every_fault_is_told_at_once():
    look = Look(
        style="gothic", paper="a3", color="red", accent="#12345", logo=b"MZ", footer="x" * 3000
    )

    with pytest.raises(LookUnusable) as caught:
        check_look(look)

    pointers = [problem.pointer for problem in caught.value.problems]
    assert pointers == ["/style", "/paper", "/color", "/accent", "/logo", "/footer"]


def test_a_logo_of_more_than_a_mebibyte_is_refused():
    with pytest.raises(LookUnusable, match="1 MiB"):
        check_look(Look(logo=b"\x89PNG\r\n\x1a\n" + b"\0" * (1 << 20)))


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (LOGO, "svg"),
        (b"<?xml version='1.0'?>\n<svg/>", "svg"),
        (b"<html></html>", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_logo_is_known_by_its_first_bytes(head, ending):
    assert logo_type(head) == ending


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == 210
    assert contrast("#ffffff", "#ffffff") == 10
    assert contrast("#767676", "#ffffff") == 45  # the well-known lightest grey for text


def test_text_on_the_brand_colour_is_white_or_ink():
    assert on_color("#0e5a4a") == "#ffffff"
    assert on_color("#ffe600") == "#10201c"


@pytest.mark.parametrize("color", ["#ffe600", "#ffffff", "#8fd3ff", "#0e5a4a", "#000000"])
def test_brand_coloured_text_reads_on_white(color):
    assert contrast(readable(color), "#ffffff") >= 45


def test_a_dark_brand_colour_stays_as_it_is():
    assert readable("#0e5a4a") == "#0e5a4a"
