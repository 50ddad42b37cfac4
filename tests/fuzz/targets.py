"""What is fuzzed: each reader with its seeds. Whatever is no error of the kernel is a finding."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from guilder.flows.intake import enclosures
from guilder.flows.intake.looking import in_child
from guilder.kernel.errors import GuilderError
from guilder.papers.exchange.formats import pdf, responses
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.transports import access_points, envelope, mailbox
from guilder.papers.exchange.transports.as4 import As4
from guilder.papers.exchange.transports.base import Called, Place
from tests.papers.exchange import full
from tests.papers.exchange.corpus import CORPUS
from tests.papers.exchange.transports import far_sides

LARGEST, LARGEST_PDF = 40_000, 250_000  # bytes of a seed: small ones are tried more often
MOST = 120  # seeds of one reader
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANSWER = b"""<ApplicationResponse
 xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-11-21</cbc:IssueDate>
<cac:SenderParty><cbc:EndpointID schemeID="0088">4035811991014</cbc:EndpointID></cac:SenderParty>
<cac:DocumentResponse><cac:Response><cbc:ResponseCode>RE</cbc:ResponseCode>
<cac:Status><cbc:StatusReasonCode>REF</cbc:StatusReasonCode></cac:Status></cac:Response>
<cac:DocumentReference><cbc:ID>A-1</cbc:ID></cac:DocumentReference></cac:DocumentResponse>
</ApplicationResponse>"""
MAIL = b"""From: =?utf-8?q?Orchard=2C_Ltd?= <bills@orchard.example>
Message-ID: <1@orchard.example>
Subject: Invoice
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Enclosed.
--b
Content-Type: application/xml; name*0*=utf-8''b%C3%A9; name*1=".xml"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="bill.xml"; size=12

PGE+PC9hPg==
--b--
"""
MAIL_WITHIN = b"From: a@b.example\nContent-Type: message/rfc822\n\n" + MAIL
WRAPPED = b"""<StandardBusinessDocument
 xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
<StandardBusinessDocumentHeader><DocumentIdentification><InstanceIdentifier>0192-a
</InstanceIdentifier></DocumentIdentification></StandardBusinessDocumentHeader>
%s</StandardBusinessDocument>"""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader: what it is given, and what it begins with."""

    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    is_xml: bool = True


def as_received(data: bytes) -> None:
    """What the process does that looks into whatever came in by any door."""
    in_child({"data": data, "name": "a file"})


def as_response(data: bytes) -> None:
    """What becomes of an answer to a document."""
    told = responses.read_response(data)
    assert isinstance(told.words, str)


def as_envelope(data: bytes) -> None:
    """What a network wraps a document in, and says of a participant."""
    with suppress(GuilderError):
        envelope.kind_of(data)
    with suppress(GuilderError):
        access_points.endpoint_in(data)
    _, inner = envelope.inner_document(data)
    in_child({"data": inner, "name": "a file"})


def as_mail(data: bytes) -> None:
    """What a mail encloses, by whichever door it came, and who sent it."""
    head = mailbox.headers_of(data)
    assert isinstance(mailbox.number_of(data, head.get("message-id", "")), str)
    enclosures.sender_of(enclosures.opened(data))
    enclosures.enclosed(enclosures.opened(data))


@cache
def called() -> tuple[Called, Place]:
    """A message of another access point, and the place at which it arrives."""
    import os

    os.environ.setdefault("GUILDER_OUTBOUND_ALLOW", "127.0.0.0/8")
    ours, theirs = far_sides.access_point("POP000001"), far_sides.access_point("POP000002")
    side = far_sides.As4Side(ours, theirs)
    call = side.call(write(full.DOCUMENT, "peppol"), at=NOW)
    return call, Place(settings=side.settings, folder=Path("/nowhere"), at=NOW)


def as_message(data: bytes) -> None:
    """A message of AS4 as it is posted to us."""
    call, place = called()
    As4().take(Called(headers=call.headers, body=data), place)


def files(*folders: str, ending: str = "xml", most: int = LARGEST) -> list[bytes]:
    """Small files of the staged corpus."""
    found = [one for folder in folders for one in sorted((CORPUS / folder).glob(f"*.{ending}"))]
    step = max(1, len(found) // MOST)
    return [one.read_bytes() for one in found[::step] if one.stat().st_size <= most]


def holding(mark: bytes, *folders: str) -> list[bytes]:
    """Those of them that hold some bytes."""
    return [one for one in files(*folders) if mark in one]


def old_ones() -> Iterator[bytes]:
    """The XML in PDFs of ZUGFeRD 1.0."""
    for data in files("zugferd-pdf", ending="pdf", most=LARGEST_PDF):
        with suppress(GuilderError):
            content = pdf.attached_xml(data)[1]
            if b"CrossIndustryDocument" in content:
                yield content


def wrapped() -> list[bytes]:
    """Documents in their envelope."""
    bare = [one.partition(b"?>")[2] for one in files("peppol-examples")]
    return [WRAPPED % one for one in bare]


UBL = ("xrechnung-testsuite", "peppol-examples", "cen-examples", "zugferd-corpus")
CII = ("xrechnung-testsuite", "facturx-xml", "cen-examples", "zugferd-corpus")
TARGETS = {
    "ubl": Target(as_received, lambda: holding(b"oasis:names:specification:ubl", *UBL)),
    "cii": Target(as_received, lambda: holding(b"CrossIndustryInvoice", *CII)),
    "zugferd1": Target(as_received, lambda: list(old_ones())),
    "fatturapa": Target(as_received, lambda: files("fatturapa")),
    "ksef": Target(as_received, lambda: files("ksef")),
    "pint": Target(as_received, lambda: files("pint")),
    "pdf": Target(
        as_received, lambda: files("zugferd-pdf", ending="pdf", most=LARGEST_PDF), is_xml=False
    ),
    "json": Target(as_received, lambda: [write(full.DOCUMENT, "json")], is_xml=False),
    "csv": Target(as_received, lambda: [write(full.DOCUMENT, "csv")], is_xml=False),
    "response": Target(as_response, lambda: [ANSWER]),
    "envelope": Target(as_envelope, wrapped),
    "mail": Target(as_mail, lambda: [MAIL, MAIL_WITHIN], is_xml=False),
    "as4": Target(as_message, lambda: [called()[0].body], is_xml=False),
}
