"""Mails whose headers nobody should send: what they enclose is found all the same."""

import pytest

from guilder.flows.intake.enclosures import enclosed, opened, sender_of

BODY = (
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/xml\n'
    b'Content-Disposition: attachment; filename="bill.xml"\n\n<a/>\n--b--\n'
)


def test_a_broken_header_of_a_part_hides_no_other_part() -> None:
    broken = b"--b\nContent-Type: application/xml; name*0*=ut\x00f-8''b%C3%A9\n\n<b/>\n--b\n"
    mail = BODY.replace(b"--b\n", broken, 1)

    assert ("bill.xml", b"<a/>") in enclosed(opened(mail))


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"From: Orchard <bills@orchard.example>\n", "bills@orchard.example"),
        (b"From: =?utf-8?q?Obstgarten?= <a@b.example>\n", "a@b.example"),
        (b'From:age-ID: <1@orc\x9b\x9b\x9bype: tex9; name*1="(xml"\n', None),
        (b"From: \n", ""),
        (b"", ""),
    ],
)
def test_any_sender_is_read_or_left_open(head: bytes, sender: str | None) -> None:
    message = opened(head + BODY)

    assert enclosed(message) == [("bill.xml", b"<a/>")]
    assert isinstance(sender_of(message), str)
    assert sender is None or sender_of(message) == sender
