"""Business responses: what is written reads back equal, what is no response is refused."""

from datetime import date

import pytest

from guilder.kernel.document import Identifier
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.formats import responses
from guilder.papers.exchange.formats.responses import CODES, MESSAGE_CODES, Reason, Response

SAID = Response(
    number="r-1",
    code="RE",
    about="INV-7",
    type_code="381",
    issued_on=date(2026, 11, 21),
    sender=Identifier("4035811991021", "0088"),
    sender_name="Bar & Söhne",
    receiver=Identifier("4035811991014", "0088"),
    receiver_name="Northlight",
    reasons=(Reason(code="REF", text="Order <number> is missing"), Reason(code="OTH")),
)


@pytest.mark.parametrize("code", CODES)
def test_what_is_written_reads_back_equal(code: str) -> None:
    from dataclasses import replace

    said = replace(SAID, code=code)

    data = responses.write_response(said)

    assert responses.is_response(data)
    assert responses.read_response(data) == said


def test_a_message_has_three_codes_only() -> None:
    from dataclasses import replace

    for code in CODES:
        said = replace(SAID, code=code, is_message=True, type_code="380")
        if code in MESSAGE_CODES:
            assert responses.read_response(responses.write_response(said)) == said
        else:
            with pytest.raises(responses.NoResponse):
                responses.write_response(said)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<ApplicationResponse-2/>",
        b"<!DOCTYPE a><a/>",
        responses.write_response(SAID).replace(b">RE<", b">XX<"),
        responses.write_response(SAID).replace(b"INV-7", b""),
    ],
    ids=["nothing", "another root", "a doctype", "an unknown code", "about nothing"],
)
def test_what_is_no_response_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        responses.read_response(data)
