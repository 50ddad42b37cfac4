"""Pages leave without the indentation of their templates; what people wrote is as they wrote it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from guilder.faces.web.security import Compressed


def sent(content: str, **headers: str) -> HttpResponse:
    """What leaves of an answer, unpacked: who asked takes nothing packed."""
    answer = HttpResponse(content, headers=headers)
    return Compressed(lambda request: answer)(RequestFactory().get("/"))


def test_white_space_before_a_tag_goes_and_that_of_words_stays():
    answer = sent("<ul>\n    <li>a\n      b</li>\n\n  <li>c</li>\n</ul>")

    assert answer.content == b"<ul>\n<li>a\n      b</li>\n<li>c</li>\n</ul>"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("<pre>\n  <b>1</b></pre>", {}),
        ("a\n  <b>", {"Content-Encoding": "br"}),
        ("a\n  <b>", {"Content-Type": "text/csv"}),
        ("a\n  <b>", {"Content-Type": "application/json"}),
    ],
)
def test_what_is_preformatted_packed_or_no_page_is_left_alone(content, headers):
    assert sent(content, **headers).content == content.encode()


def test_the_length_is_that_of_what_is_sent():
    answer = sent("<p>\n   <b>", **{"Content-Length": "10"})

    assert answer["Content-Length"] == str(len(answer.content)) == "7"
