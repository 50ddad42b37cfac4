"""The head of a CII paper, in the order of its schema. Paths are those of EN 16931-3-3."""

from __future__ import annotations

from base64 import b64encode

from guilder.kernel.document import Attachment, Document
from guilder.papers.exchange.formats.cii.writing import lines, parties, settlement
from guilder.papers.exchange.formats.cii.writing.days import put_day
from guilder.papers.exchange.formats.cii.writing.profiles import check_fits, paths_of
from guilder.papers.exchange.formats.pen import Pen
from guilder.papers.exchange.formats.targets import XRECHNUNG, Target

CII = "urn:un:unece:uncefact:data:standard:"
NAMESPACES = {
    "rsm": f"{CII}CrossIndustryInvoice:100",
    "ram": f"{CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{CII}UnqualifiedDataType:100",
    "qdt": f"{CII}QualifiedDataType:100",
}
OBJECT, SUPPORTING, TENDER = "130", "916", "50"  # UNTDID 1001
PROJECT_NAME = "Project reference"  # the schema demands a name, the standard has only an id


def write(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, as CII. Raises NotWritable, ProfileTooNarrow."""
    check_fits(document, target.profile)
    pen = Pen(paths_of(target.profile))
    with pen.root("rsm:CrossIndustryInvoice", NAMESPACES):
        _context(pen, document, target)
        _paper(pen, document)
        with pen.within("rsm:SupplyChainTradeTransaction"):
            lines.write(pen, document)
            _agreement(pen, document, by_mail=target.process != "")
            _delivery(pen, document)
            settlement.write(
                pen,
                document,
                extended=target.profile == "EXTENDED",
                german=target.specification == XRECHNUNG,
            )
    return pen.bytes()


def _context(pen: Pen, document: Document, target: Target) -> None:
    with pen.within("rsm:ExchangedDocumentContext"):
        with pen.within("ram:BusinessProcessSpecifiedDocumentContextParameter"):
            pen.put("ram:ID", document.business_process or target.process)
        with pen.within("ram:GuidelineSpecifiedDocumentContextParameter"):
            pen.put("ram:ID", target.specification)


def _paper(pen: Pen, document: Document) -> None:
    with pen.within("rsm:ExchangedDocument"):
        pen.put("ram:ID", document.number)
        pen.put("ram:TypeCode", document.type_code)
        put_day(pen, "ram:IssueDateTime", document.issued_on)
        for note in document.notes:
            if note.text.strip():
                with pen.within("ram:IncludedNote"):
                    pen.put("ram:Content", note.text)
                    pen.put("ram:SubjectCode", note.subject)


def _agreement(pen: Pen, document: Document, *, by_mail: bool) -> None:
    with pen.within("ram:ApplicableHeaderTradeAgreement"):
        pen.put("ram:BuyerReference", document.buyer_reference)
        parties.party(pen, "ram:SellerTradeParty", document.seller, by_mail=by_mail)
        parties.party(pen, "ram:BuyerTradeParty", document.buyer, by_mail=by_mail, only_one=True)
        if document.tax_representative is not None:
            with pen.within("ram:SellerTaxRepresentativeTradeParty"):
                who = document.tax_representative
                pen.put("ram:Name", who.name)
                parties.address(pen, who.address)
                parties.tax_id(pen, who.vat_id, "VA")
        _reference(pen, "ram:SellerOrderReferencedDocument", document.sales_order_reference)
        _reference(pen, "ram:BuyerOrderReferencedDocument", document.order_reference)
        _reference(pen, "ram:ContractReferencedDocument", document.contract_reference)
        _additional(pen, document)
        if document.project_reference:
            with pen.within("ram:SpecifiedProcuringProject"):
                pen.put("ram:ID", document.project_reference)
                pen.put("ram:Name", PROJECT_NAME)


def _reference(pen: Pen, name: str, value: str) -> None:
    with pen.within(name):
        pen.put("ram:IssuerAssignedID", value)


def _additional(pen: Pen, document: Document) -> None:
    """BT-17, BT-18 and BG-24: the type code tells which is which."""
    for index, attachment in enumerate(document.attachments, 1):
        _attachment(pen, attachment, str(index))
    if document.tender_reference:
        with pen.within("ram:AdditionalReferencedDocument"):
            pen.put("ram:IssuerAssignedID", document.tender_reference)
            pen.put("ram:TypeCode", TENDER)
    if document.invoiced_object is not None:
        with pen.within("ram:AdditionalReferencedDocument"):
            pen.put("ram:IssuerAssignedID", document.invoiced_object.value)
            pen.put("ram:TypeCode", OBJECT)
            pen.put("ram:ReferenceTypeCode", document.invoiced_object.scheme)


def _attachment(pen: Pen, attachment: Attachment, number: str) -> None:
    with pen.within("ram:AdditionalReferencedDocument"):
        pen.put("ram:IssuerAssignedID", attachment.reference or attachment.filename or number)
        pen.put("ram:URIID", attachment.location)
        pen.put("ram:TypeCode", SUPPORTING)
        pen.put("ram:Name", attachment.description)
        pen.put(
            "ram:AttachmentBinaryObject",
            b64encode(attachment.content or b"").decode("ascii"),
            mimeCode=attachment.media_type,
            filename=attachment.filename,
        )


def _delivery(pen: Pen, document: Document) -> None:
    with pen.within("ram:ApplicableHeaderTradeDelivery", needed=True):
        delivery = document.delivery
        if delivery is not None:
            with pen.within("ram:ShipToTradeParty"):
                if delivery.location is not None:
                    parties.identifiers(pen, (delivery.location,))
                pen.put("ram:Name", delivery.party_name)
                if delivery.address is not None:
                    parties.address(pen, delivery.address)
            with pen.within("ram:ActualDeliverySupplyChainEvent"):
                put_day(pen, "ram:OccurrenceDateTime", delivery.delivered_on)
        _reference(pen, "ram:DespatchAdviceReferencedDocument", document.despatch_advice_reference)
        _reference(
            pen, "ram:ReceivingAdviceReferencedDocument", document.receiving_advice_reference
        )
