"""Pictures of a stored PDF."""

import io

import pytest
from PIL import Image

from guilder.papers.rendering import operations as rendering
from tests.papers.rendering.papers import invoice


def test_a_stored_page_becomes_a_picture_of_its_size():
    picture = rendering.picture_of(rendering.render_pdf(invoice(1)), ppi=72)

    shown = Image.open(io.BytesIO(picture))
    assert (shown.format, shown.size) == ("PNG", (596, 842))  # A4 in points, rounded up
    assert shown.convert("L").getextrema() != (255, 255)


def test_a_page_that_is_not_there_is_refused():
    with pytest.raises(rendering.NoSuchPage):
        rendering.picture_of(rendering.render_pdf(invoice(1)), page=2)


def test_what_is_no_pdf_is_refused_without_harm():
    with pytest.raises(rendering.RenderFailed):
        rendering.picture_of(b"not a PDF at all")
