"""What a receiver says of a document: UBL ApplicationResponse, as Invoice Response (about the
document, T111) or Message Level Response (about the message that carried it, T71)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from guilder.kernel import xml
from guilder.kernel.document import Identifier
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.formats.pen import Pen

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
ROOT = f"{UBL}ApplicationResponse-2"
CAC, CBC = f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"
SPACES = {"cac": CAC, "cbc": CBC}
INVOICE_RESPONSE = (
    "urn:fdc:peppol.eu:poacc:trns:invoice_response:3",
    "urn:fdc:peppol.eu:poacc:bis:invoice_response:3",
)
MESSAGE_RESPONSE = (
    "urn:fdc:peppol.eu:poacc:trns:mlr:3",
    "urn:fdc:peppol.eu:poacc:bis:mlr:3",
)
# UNCL4343, the codes that an Invoice Response may carry; a message is only AB, AP or RE.
CODES = ("AB", "IP", "UQ", "CA", "RE", "AP", "PD")
MESSAGE_CODES = frozenset(("AB", "AP", "RE"))
REASONS = (
    "NON",
    "REF",
    "LEG",
    "REC",
    "QUA",
    "DEL",
    "PRI",
    "QTY",
    "ITM",
    "PAY",
    "UNR",
    "FIN",
    "PPD",
    "OTH",
)  # fmt: skip  (OPStatusReason)


class NoResponse(Invalid):
    """This is no response that can be understood."""

    code = "exchange.no_response"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why: a code of OPStatusReason, and words."""

    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response. `about` is the number of the document; of a message, that of its envelope."""

    number: str
    code: str
    about: str
    type_code: str = "380"
    issued_on: date | None = None
    is_message: bool = False
    sender: Identifier | None = None
    sender_name: str = ""
    receiver: Identifier | None = None
    receiver_name: str = ""
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def words(self) -> str:
        """The reasons in one line."""
        return "; ".join(one.text or one.code for one in self.reasons)


def is_response(data: bytes) -> bool:
    """Whether bytes are an ApplicationResponse at all; cheap, for it is asked of all that comes."""
    return b"ApplicationResponse-2" in data[:4000]


def read_response(data: bytes) -> Response:
    """A response from its bytes. Raises NoResponse, and what kernel.xml refuses."""
    root = xml.parse(data)
    if xml.local_name(root) != "ApplicationResponse" or xml.namespace_of(root) != ROOT:
        raise NoResponse("This is no ApplicationResponse of UBL 2.")
    told = root.find("cac:DocumentResponse", SPACES)
    code = xml.text_at(told, "cac:Response/cbc:ResponseCode", SPACES)
    about = xml.text_at(told, "cac:DocumentReference/cbc:ID", SPACES)
    if told is None or code not in CODES or not about:
        raise NoResponse("The response names no code that is known, or no document.")
    reasons = [
        Reason(
            code=xml.text_at(one, "cbc:StatusReasonCode", SPACES)[:20],
            text=xml.text_at(one, "cbc:StatusReason", SPACES)[:300],
        )
        for one in told.iterfind("cac:Response/cac:Status", SPACES)
    ]
    description = xml.text_at(told, "cac:Response/cbc:Description", SPACES)
    if description:
        reasons.insert(0, Reason(text=description[:300]))
    sender, sender_name = party(root, "cac:SenderParty")
    receiver, receiver_name = party(root, "cac:ReceiverParty")
    return Response(
        number=xml.text_at(root, "cbc:ID", SPACES)[:100],
        code=code,
        about=about[:100],
        type_code=xml.text_at(told, "cac:DocumentReference/cbc:DocumentTypeCode", SPACES) or "380",
        issued_on=day(xml.text_at(root, "cbc:IssueDate", SPACES)),
        is_message="mlr" in xml.text_at(root, "cbc:CustomizationID", SPACES).lower(),
        sender=sender,
        sender_name=sender_name,
        receiver=receiver,
        receiver_name=receiver_name,
        reasons=tuple(one for one in reasons[:20] if one.code or one.text),
    )


def party(root: xml.Element, path: str) -> tuple[Identifier | None, str]:
    """Electronic address and name of a party."""
    node = root.find(path, SPACES)
    name = xml.text_at(node, "cac:PartyLegalEntity/cbc:RegistrationName", SPACES)
    address = node.find("cbc:EndpointID", SPACES) if node is not None else None
    if address is None or not (address.text or "").strip():
        return None, name
    return Identifier((address.text or "").strip(), address.get("schemeID") or ""), name


def day(text: str) -> date | None:
    """A date of XML Schema; None for none, or for one that cannot be read."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def write_response(response: Response) -> bytes:
    """A response as Peppol has it. Raises NoResponse for a code that its kind does not know."""
    known = MESSAGE_CODES if response.is_message else frozenset(CODES)
    if response.code not in known or not response.about:
        raise NoResponse(f"Choose one of: {', '.join(sorted(known))}.")
    customization, profile = MESSAGE_RESPONSE if response.is_message else INVOICE_RESPONSE
    pen = Pen()
    with pen.root("ApplicationResponse", {"": ROOT, **SPACES}):
        pen.put("cbc:CustomizationID", customization)
        pen.put("cbc:ProfileID", profile)
        pen.put("cbc:ID", response.number)
        pen.put("cbc:IssueDate", response.issued_on.isoformat() if response.issued_on else "")
        write_party(pen, "cac:SenderParty", response.sender, response.sender_name)
        write_party(pen, "cac:ReceiverParty", response.receiver, response.receiver_name)
        with pen.within("cac:DocumentResponse"):
            with pen.within("cac:Response"):
                pen.put("cbc:ResponseCode", response.code, listID="UNCL4343OpSubset")
                for one in response.reasons:
                    with pen.within("cac:Status"):
                        pen.put("cbc:StatusReasonCode", one.code, listID="OPStatusReason")
                        pen.put("cbc:StatusReason", one.text)
            with pen.within("cac:DocumentReference"):
                pen.put("cbc:ID", response.about)
                if not response.is_message:
                    pen.put("cbc:DocumentTypeCode", response.type_code, listID="UNCL1001")
    return pen.bytes()


def write_party(pen: Pen, name: str, address: Identifier | None, title: str) -> None:
    """Sender or receiver of the response."""
    with pen.within(name):
        if address is not None:
            pen.put("cbc:EndpointID", address.value, schemeID=address.scheme)
        with pen.within("cac:PartyLegalEntity"):
            pen.put("cbc:RegistrationName", title)
